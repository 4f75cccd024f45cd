import { originOf } from './addresses.ts';
import { backstage } from './host.ts';
import type { Shape } from './shape.ts';

type Real = Electron.Session;
type PermissionHandler = Parameters<Real['setPermissionRequestHandler']>[0];

/** The permissions of pages: recorded, and asked by the test, because headless Chromium shows no prompts. */
export class StandInSession
  implements Shape<Real, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'setDisplayMediaRequestHandler'>
{
  #requestHandler: PermissionHandler = null;
  #checkHandler: Parameters<Real['setPermissionCheckHandler']>[0] = null;

  setPermissionRequestHandler(handler: PermissionHandler): void {
    this.#requestHandler = handler;
  }

  setPermissionCheckHandler(handler: Parameters<Real['setPermissionCheckHandler']>[0]): void {
    this.#checkHandler = handler;
  }

  setDevicePermissionHandler(_handler: Parameters<Real['setDevicePermissionHandler']>[0]): void {
    // There are no devices.
  }

  setDisplayMediaRequestHandler(_handler: Parameters<Real['setDisplayMediaRequestHandler']>[0]): void {
    // There are no screens to share.
  }

  get [backstage]() {
    return {
      /** Whether a page would get a permission; without handlers Electron grants everything. */
      ask: async (permission: string, url: string): Promise<boolean> => {
        if (this.#checkHandler !== null && !this.#checkHandler(null, permission as never, originOf(url), {} as never)) return false;
        const handler = this.#requestHandler;
        if (handler === null) return true;
        const answer = Promise.withResolvers<boolean>();
        handler({} as never, permission as never, answer.resolve, { isMainFrame: true, requestingUrl: url });
        return answer.promise;
      },
    };
  }
}
