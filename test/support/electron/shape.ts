/**
 * Ties the stand-in to the real declarations: `implements Shape<Electron.Tray, 'setImage' | …>` fails to type-check when
 * Electron drops or changes a member. `Named` members only have to exist, because their types lead to whole other
 * classes of which the stand-in has a part.
 */
export type Shape<Real, Exact extends keyof Real, Named extends keyof Real = never> = Pick<Real, Exact> & Record<Named, unknown>;

type Members<T> = Extract<keyof T, string>;

/** True when everything the stand-in offers exists in Electron; else the names that were invented. */
export type NoInventions<Mine, Real> = Exclude<Members<Mine>, Members<Real>> extends never ? true : Exclude<Members<Mine>, Members<Real>>;
