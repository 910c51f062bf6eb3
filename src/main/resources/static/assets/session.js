// What this page shows of its login with each request, beside the cookie. A browser sends the cookie to every port of the host;
// this is kept for the tab, and only pages of the same origin can read it, port included.

/** Where the dashboard is, which may be beside others at one origin. */
const PLACE = new URL('.', location.href).pathname;
const KEY = `portproxy.login ${PLACE}`;
const PATIENCE_MILLIS = 400;

const others = new BroadcastChannel(KEY);

export const secret = () => sessionStorage.getItem(KEY);

export const headers = () => ({
  'X-Requested-With': 'XMLHttpRequest',
  ...(secret() === null ? {} : { 'X-PortProxy-Login': secret() }),
});

export function keep(fresh) {
  sessionStorage.setItem(KEY, fresh);
}

export function forget() {
  sessionStorage.removeItem(KEY);
}

/** Tells whoever asks, so that another tab of the same browser needs no login of its own. */
others.addEventListener('message', (message) => {
  if (message.data === 'wanted' && secret() !== null) {
    others.postMessage({ secret: secret() });
  }
});

/** Asks other tabs for a login that is another than ours. Resolves to whether there is one; we have it then. */
export function adopt() {
  return new Promise((resolve) => {
    const done = (adopted) => {
      clearTimeout(timer);
      others.removeEventListener('message', heard);
      resolve(adopted);
    };
    const heard = ({ data }) => {
      if (typeof data?.secret === 'string' && data.secret !== secret()) {
        keep(data.secret);
        done(true);
      }
    };
    const timer = setTimeout(() => done(false), PATIENCE_MILLIS);
    others.addEventListener('message', heard);
    others.postMessage('wanted');
  });
}

/** What leads back to the API's description. */
export const API = '?api';

export const logInPath = () => `${PLACE}login${location.pathname.endsWith('/swagger-ui.html') ? API : ''}${location.hash}`;

/** Whether there is a login, of this tab or of another. If not, the form is shown in place of this page. */
export async function hasLogin() {
  if (secret() !== null || await adopt()) {
    return true;
  }
  location.replace(logInPath());
  return false;
}
