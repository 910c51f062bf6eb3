// Server-sent events by fetch: an EventSource cannot show the login.

/** Gives each event as {id, type, data} to take, until the stream ends. */
export async function readEvents(body, take) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = {};
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (event.data !== undefined) {
          take(event);
        }
        event = {};
      } else {
        const colon = line.indexOf(':');
        const [field, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
        if (field === 'data' || field === 'id') {
          event[field] = value;
        } else if (field === 'event') {
          event.type = value;
        }
      }
    }
  }
}
