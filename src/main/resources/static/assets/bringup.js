// What brings a remote up: as a command line, as YAML, and as services are made of it.

const SECRET = 'PORTPROXY_TOKEN';

/** As a POSIX shell takes it, whatever is in it. */
const shell = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** JSON is YAML. */
const yaml = (value) => JSON.stringify(value);

const connect = ({ server, name, allow, tls }) =>
  ['connect', `--server=${shell(server)}`, `--name=${shell(name)}`, ...(allow.length ? [`--allow=${shell(allow.join(','))}`] : []), ...(tls ? ['--tls'] : [])].join(' ');

function properties({ server, name, allow, tls }, token) {
  return [
    'portproxy:',
    '  client:',
    `    name: ${yaml(name)}`,
    `    server: ${yaml(server)}`,
    ...(token ? [`    token: ${yaml(token)}`] : []),
    ...(allow.length ? [`    allow: ${yaml(allow)}`] : []),
    ...(tls ? ['    ssl: {bundle: proxy}', 'spring.ssl.bundle.pem.proxy:', '  reload-on-update: false'] : []),
  ].join('\n');
}

const commandLine = (remote) => `${SECRET}=${shell(remote.token)} java -jar portproxy.jar ${connect(remote)}`;

const systemd = (remote) => `sudo tee /etc/portproxy/client.yml >/dev/null <<'END'
spring.config.import: optional:configtree:/etc/portproxy/secrets/
${properties(remote)}
END
sudo install -m 640 -g portproxy /dev/stdin /etc/portproxy/secrets/portproxy.client.token <<'END'
${remote.token}
END
sudo systemctl enable --now portproxy@client`;

const docker = (remote) => `${SECRET}=${shell(remote.token)} docker run -d --name portproxy-client --restart unless-stopped --network host \\
    --read-only --tmpfs /tmp:exec --cap-drop ALL --security-opt no-new-privileges --env ${SECRET} \\
    portproxy ${connect(remote)}`;

const helm = ({ server, name, allow, tls, token }) => `kubectl create secret generic portproxy-client --from-literal=token=${shell(token)}
helm install portproxy-client helm/portproxy -f - <<'END'
role: client
client:
  name: ${yaml(name)}
  server: ${yaml(server)}
  allow: ${yaml(allow)}
tokens:
  existingSecret: portproxy-client
  keys: {${yaml(name)}: [token]}${tls ? '\ntls: {enabled: true, ca: false}' : ''}
END`;

/** Each form: what it is called, what else to know of it, and what makes it of {server, name, allow, tls, token}. */
export const FORMS = [
  { key: 'command', label: 'Command line', note: 'Run it on the remote’s machine. The list of processes does not show the token, but the history of your shell does.', text: commandLine },
  { key: 'yaml', label: 'YAML', note: 'Save it as application.yml beside portproxy.jar, readable only for you, and run: java -jar portproxy.jar --spring.profiles.active=client', text: (remote) => properties(remote, remote.token) },
  { key: 'systemd', label: 'systemd', note: 'On Debian or Ubuntu, with the package installed.', text: systemd },
  { key: 'docker', label: 'Docker', note: 'With the image that you have built. The container shares the network of its host.', text: docker },
  { key: 'helm', label: 'Helm', note: 'With the chart of PortProxy. 127.0.0.1 is the pod itself, so use the names of Services as targets.', text: helm },
];

/** What the remote has to allow for the ports that it has now: their targets, each once. */
export const allowOf = (ports) => [...new Set(ports.map((port) => port.remote))];
