import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDeepLink, parseDeepLink } from '../../../main/desktop/deep-links.ts';
import { OpenRequests } from '../../../main/desktop/open-requests.ts';

describe('a link from outside', () => {
  it.each(['overview', 'activity', 'board', 'messages', 'locks', 'sessions', 'kill-switch'])('opens the page %s', (page) => {
    expect(parseDeepLink(`wheelhouse://open/${page}`)).toBe(page);
    expect(parseDeepLink(`wheelhouse://open/${page}/`)).toBe(page);
  });

  it.each([
    'wheelhouse://open/settings',
    'wheelhouse://open/toString',
    'wheelhouse://open/board?task=1',
    'wheelhouse://open/board#x',
    'wheelhouse://open/board/12',
    'wheelhouse://open/../board',
    'wheelhouse://user@open/board',
    'wheelhouse://open:80/board',
    'wheelhouse://release/board',
    'wheelhouse://app/index.html',
    'wheelhouse:open/board',
    'https://open/board',
    'wheelhouse://open/board\nx',
    '',
  ])('opens nothing when it is %j', (link) => {
    expect(parseDeepLink(link)).toBeNull();
  });

  it('opens nothing, whatever it is, unless it is exactly a page', () => {
    const notAPage = fc.string().filter((rest) => !/^(overview|activity|board|messages|locks|sessions|kill-switch)\/?$/.test(rest));
    fc.assert(
      fc.property(notAPage, (rest) => {
        expect(parseDeepLink(`wheelhouse://open/${rest}`)).toBeNull();
      }),
    );
  });

  it('is found among the arguments of a start', () => {
    expect(findDeepLink(['/usr/bin/wheelhouse', '--hidden', 'wheelhouse://open/board'])).toBe('wheelhouse://open/board');
    expect(findDeepLink(['WHEELHOUSE://open/board'])).toBe('WHEELHOUSE://open/board');
    expect(findDeepLink(['--hidden', 'x wheelhouse://open/board'])).toBeNull();
  });
});

describe('requests to open the window', () => {
  it('wait until somebody can serve them, in order, and are then served at once', () => {
    const requests = new OpenRequests();
    const served: unknown[] = [];
    requests.push({ page: 'board' });
    requests.push({ page: null });
    expect(requests.serveWith(({ page }) => served.push(page))).toBe(true);
    requests.push({ page: 'locks' });
    expect(served).toEqual(['board', null, 'locks']);
  });

  it('need not exist', () => {
    expect(new OpenRequests().serveWith(() => undefined)).toBe(false);
  });
});
