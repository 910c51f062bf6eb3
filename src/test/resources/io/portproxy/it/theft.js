// What a page of an exposed port tries on the dashboard of its host. Resolves to what it got, by the way it tried; "" for nothing.
const dashboard = arguments[0];
const done = arguments[arguments.length - 1];
const PATIENCE_MILLIS = 1500;

const within = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(() => resolve(''), PATIENCE_MILLIS))]);

async function fetched(path, options) {
  const answer = await fetch(dashboard + path, { credentials: 'include', ...options });
  return `${answer.status} ${await answer.text()}`;
}

function loaded(name, attributes) {
  return new Promise((resolve) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.onload = () => resolve(made);
    made.onerror = () => resolve(undefined);
    document.body.append(made);
  });
}

async function framed() {
  const frame = await loaded('iframe', { src: dashboard });
  return frame?.contentDocument?.documentElement?.outerHTML ?? '';
}

/** Sends a form from a frame, and tells what can be seen of the answer. */
async function posted(path) {
  const frame = document.createElement('iframe');
  frame.name = `frame-${path}`;
  document.body.append(frame);
  const form = Object.assign(document.createElement('form'), { method: 'post', action: dashboard + path, target: frame.name });
  for (const [name, value] of [['username', 'alice'], ['password', 'alice-secret']]) {
    form.append(Object.assign(document.createElement('input'), { name, value }));
  }
  document.body.append(form);
  const answer = new Promise((resolve) => { frame.onload = () => resolve(frame); });
  form.submit();
  await answer;
  return frame.contentDocument?.body?.textContent ?? '';
}

async function opened() {
  const other = open(dashboard);
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLIS));
  try {
    return `${other.document.body.textContent} ${JSON.stringify(other.sessionStorage)}`;
  } finally {
    other?.close();
  }
}

async function overheard() {
  const channel = new BroadcastChannel('portproxy.login /');
  const heard = new Promise((resolve) => { channel.onmessage = (message) => resolve(JSON.stringify(message.data)); });
  channel.postMessage('wanted');
  return within(heard);
}

/** A worker of this origin sees what is asked of it alone, and may not be one of another. */
async function worked() {
  const own = await navigator.serviceWorker.register('/worker.js', { scope: '/' });
  await navigator.serviceWorker.ready;
  const seen = new Promise((resolve) => { navigator.serviceWorker.onmessage = (message) => resolve(message.data); });
  await loaded('iframe', { src: dashboard });
  const told = await within(seen);
  await own.unregister();
  return told;
}

const TRIES = {
  'fetch': () => fetched('api/v1/me'),
  'fetch with a header': () => fetched('api/v1/me', { headers: { 'X-PortProxy-Login': 'guessed' } }),
  'fetch without CORS': () => fetched('api/v1/me', { mode: 'no-cors' }).then((text) => text.replace('0 ', '')),
  'act': () => fetched('api/v1/remotes/home', { method: 'DELETE' }),
  'act without CORS': () => fetched('logout', { method: 'POST', mode: 'no-cors' }).then((text) => text.replace('0 ', '')),
  'script': async () => ((await loaded('script', { src: `${dashboard}api/v1/me` })) ? 'loaded' : ''),
  'module': async () => Object.keys(await import(`${dashboard}assets/session.js`)).join(),
  'iframe': framed,
  'form to logout': () => posted('logout'),
  'form to login': () => posted('login'),
  'window.open': opened,
  'storage': async () => Object.values({ ...sessionStorage, ...localStorage }).join(),
  'channel': overheard,
  'service worker': worked,
  'service worker of the dashboard': async () => String(await navigator.serviceWorker.register(`${dashboard}assets/session.js`)),
};

/** These only wait for what must not come, and do so while the others are tried. */
const WAITING = ['window.open', 'channel'];

(async () => {
  const got = {};
  const attempt = async (name) => {
    got[name] = await TRIES[name]().catch(() => '');
  };
  const waiting = WAITING.map(attempt);
  for (const name of Object.keys(TRIES).filter((each) => !WAITING.includes(each))) {
    await attempt(name);
  }
  await Promise.all(waiting);
  done(got);
})();
