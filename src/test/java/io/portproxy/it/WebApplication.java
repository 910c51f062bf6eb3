package io.portproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import io.portproxy.config.Started;
import io.portproxy.testing.Programs;
import io.portproxy.testing.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.springframework.context.ConfigurableApplicationContext;

/** The web applications that people put behind a reverse tunnel. */
enum WebApplication {
    /** Debian's notebook server. It accepts only a local Host, and an Origin that matches it. */
    JUPYTER(true, false) {
        @Override
        Running start(Children children, Path folder) throws IOException {
            Path program = Programs.require(WebApplicationsIT.class, "jupyter-notebook");
            int port = FreePorts.find();
            List<String> command = Children.command(
                    program,
                    "--no-browser",
                    "--allow-root",
                    "--ip=127.0.0.1",
                    "--port=" + port,
                    "--NotebookApp.token=",
                    "--NotebookApp.password=",
                    "--NotebookApp.open_browser=False",
                    "--notebook-dir=" + Files.createDirectories(folder.resolve("notebooks")));
            return listening(port, children.start(command), WebApplication::useJupyter);
        }
    },

    /** webpack-dev-server, which checks Host and Origin. */
    WEBPACK_DEV_SERVER(true, false) {
        @Override
        Running start(Children children, Path folder) throws IOException {
            Path modules = NodePrograms.require("webpack-dev-server");
            Path project = Files.createDirectories(folder.resolve("webpack"));
            Files.writeString(project.resolve("index.js"), "console.log('a page')\n");
            int port = FreePorts.find();
            String script = """
                    const webpack = require('webpack');
                    const Server = require('webpack-dev-server');
                    const compiler = webpack({mode: 'development', context: '%s', entry: './index.js'});
                    new Server({host: '127.0.0.1', port: %d, hot: true}, compiler).start();
                    """.formatted(project, port);
            Path file = Files.writeString(modules.resolve("portproxy-test.js"), script);
            return listening(port, children.start(NodePrograms.command(file.toString())), user -> {
                Map<String, String> outcome = new LinkedHashMap<>();
                outcome.put("page", WebUser.worksWith(200, user.get("/main.js")));
                outcome.put("WebSocket", WebUser.worksWith(101, user.webSocket("/ws", "")));
                return outcome;
            });
        }
    },

    /** Vite, which checks Host. */
    VITE(true, false) {
        @Override
        Running start(Children children, Path folder) throws IOException {
            Path modules = NodePrograms.require("vite");
            Path project = Files.createDirectories(folder.resolve("vite"));
            Files.writeString(project.resolve("index.html"), "<!DOCTYPE html><p>a page</p>\n");
            int port = FreePorts.find();
            List<String> command = NodePrograms.command(
                    modules.resolve("vite/bin/vite.js").toString(),
                    project.toString(),
                    "--host",
                    "127.0.0.1",
                    "--strictPort",
                    "--port",
                    String.valueOf(port),
                    "--base",
                    "/app/");
            return listening(port, children.start(command), WebApplication::useVite);
        }
    },

    /** nginx, whose redirects have only paths. */
    NGINX(false, false) {
        @Override
        Running start(Children children, Path folder) throws IOException {
            Path program = Programs.require(WebApplicationsIT.class, "nginx");
            Files.createDirectories(folder.resolve("nginx/www/folder"));
            int port = FreePorts.find();
            Path configuration = Files.writeString(folder.resolve("nginx/nginx.conf"), """
                    daemon off;
                    master_process off;
                    pid nginx.pid;
                    error_log stderr;
                    events { worker_connections 512; }
                    http {
                      access_log off;
                      client_body_temp_path body;
                      proxy_temp_path proxy;
                      fastcgi_temp_path fastcgi;
                      uwsgi_temp_path uwsgi;
                      scgi_temp_path scgi;
                      server {
                        listen 127.0.0.1:%d;
                        absolute_redirect off;
                        root www;
                        location = /page { return 200 "a page"; }
                      }
                    }
                    """.formatted(port));
            List<String> command =
                    Children.command(program, "-p", folder.resolve("nginx"), "-e", "stderr", "-c", configuration);
            return listening(port, children.start(command), user -> {
                Map<String, String> outcome = new LinkedHashMap<>();
                outcome.put("page", WebUser.worksWith(200, user.get("/page")));
                outcome.put("redirect", user.redirects("/folder/", user.get("/folder")));
                outcome.put("form", WebUser.worksWith(200, user.post("/page", "text/plain", "a=b", "")));
                return outcome;
            });
        }
    },

    /** Node.js with a WebSocket, and with events that come one by one. */
    NODE(false, false) {
        @Override
        Running start(Children children, Path folder) throws IOException {
            Path modules = NodePrograms.require("ws"); // a dependency of webpack-dev-server
            int port = FreePorts.find();
            String script = """
                    const http = require('http');
                    const {WebSocketServer} = require('ws');
                    const listeners = new Set();
                    const server = http.createServer((request, response) => {
                        if (request.url === '/events') {
                            response.writeHead(200, {'Content-Type': 'text/event-stream'});
                            response.write('data: first\\n\\n');
                            listeners.add(response);
                            response.on('close', () => listeners.delete(response));
                            return;
                        }
                        listeners.forEach((each) => each.write('data: second\\n\\n'));
                        request.resume().on('end', () => response.end('a page'));
                    });
                    new WebSocketServer({server}).on('connection', (socket) =>
                        socket.on('message', (message) => socket.send(message.toString())));
                    server.listen(%d, '127.0.0.1');
                    """.formatted(port);
            Path file = Files.writeString(modules.resolve("portproxy-test-node.js"), script);
            return listening(port, children.start(NodePrograms.command(file.toString())), WebApplication::useNode);
        }
    },

    /** Spring Boot with Spring Security, which trusts X-Forwarded-*: PortProxy's own dashboard. */
    SPRING_BOOT(false, false) {
        @Override
        Running start(Children children, Path folder) {
            return SpringBoot.start(folder);
        }
    },

    /** A small test server that compares Origin with Host and ignores the scheme, as gorilla/websocket does. */
    COMPARES_ORIGIN_WITH_HOST(false, false) {
        @Override
        Running start(Children children, Path folder) {
            return StandIn.start(false);
        }
    },

    /**
     * A small test server that takes host and port from X-Forwarded-*, as Spring with forward-headers-strategy: native, Rails and Next.js
     * do.
     */
    COMPARES_ORIGIN_WITH_FORWARDED_HOST(false, true) {
        @Override
        Running start(Children children, Path folder) {
            return StandIn.start(true);
        }
    };

    /** Whether it answers, by default, only at names that it knows. */
    final boolean refusesNames;

    /** Whether it trusts X-Forwarded-Host more than Host. */
    final boolean believesForwardedHost;

    WebApplication(boolean refusesNames, boolean believesForwardedHost) {
        this.refusesNames = refusesNames;
        this.believesForwardedHost = believesForwardedHost;
    }

    /** What a user does with the application, and the result of each step: "works", or what came instead. */
    interface Use {
        Map<String, String> by(WebUser user) throws IOException;
    }

    /** An application that answers. */
    @SuppressWarnings("try") // a program that the test waits for may be interrupted
    record Running(int port, Use use, AutoCloseable end) implements AutoCloseable {
        Map<String, String> use(WebUser user) throws IOException {
            return use.by(user);
        }

        @Override
        public void close() throws Exception {
            end.close();
        }
    }

    abstract Running start(Children children, Path folder) throws IOException;

    static Running listening(int port, Child child, Use use) {
        await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
        return new Running(port, use, child::end);
    }

    private static Map<String, String> useJupyter(WebUser user) throws IOException {
        Map<String, String> outcome = new LinkedHashMap<>();
        String page = user.get("/tree");
        outcome.put("page", WebUser.worksWith(200, page));
        outcome.put("redirect", user.redirects("/tree", user.get("/")).replaceFirst("^/tree\\?$", "works"));
        Matcher cookie = Pattern.compile("_xsrf=([^;]*)").matcher(page);
        String fields = cookie.find()
                ? "Cookie: _xsrf=" + cookie.group(1) + "\r\nX-XSRFToken: " + cookie.group(1) + "\r\n"
                : "";
        String terminal = user.post("/api/terminals", "application/json", "{}", fields);
        outcome.put("form", WebUser.worksWith(200, terminal));
        Matcher name = Pattern.compile("\"name\": ?\"(\\w+)\"").matcher(terminal);
        String path = "/terminals/websocket/" + (name.find() ? name.group(1) : "1");
        outcome.put("WebSocket", WebUser.worksWith(101, user.webSocket(path, fields)));
        return outcome;
    }

    private static Map<String, String> useNode(WebUser user) throws IOException {
        Map<String, String> outcome = new LinkedHashMap<>();
        outcome.put("page", WebUser.worksWith(200, user.get("/")));
        // The second event comes when another user asks, while the answer with the first event is still open.
        String events = user.events("/events", "", "data: first", () -> user.get("/next"), "data: second");
        outcome.put("events", WebUser.worksWith(200, events));
        outcome.put("form", WebUser.worksWith(200, user.post("/", "text/plain", "a=b", "")));
        outcome.put("WebSocket", WebUser.worksWith(101, user.echo("/ws", "a message")));
        return outcome;
    }

    private static Map<String, String> useVite(WebUser user) throws IOException {
        Map<String, String> outcome = new LinkedHashMap<>();
        outcome.put("page", WebUser.worksWith(200, user.get("/app/index.html")));
        outcome.put("redirect", user.redirects("/app/", user.get("/")));
        Matcher token = Pattern.compile("wsToken = \"([^\"]*)\"").matcher(user.get("/app/@vite/client"));
        String path = "/app/?token=" + (token.find() ? token.group(1) : "");
        outcome.put("WebSocket", WebUser.worksWith(101, user.webSocket(path, "Sec-WebSocket-Protocol: vite-hmr\r\n")));
        return outcome;
    }

    /** Programs of npm, which {@code .ci/run} installs. */
    private static final class NodePrograms {
        private static final Path MODULES = Path.of("target/npm/node_modules").toAbsolutePath();

        private NodePrograms() {}

        static Path require(String module) {
            Assumptions.assumeTrue(
                    Files.isDirectory(MODULES.resolve(module)),
                    () -> "WebApplicationsIT needs the npm package " + module + " in target/npm, which is missing");
            return MODULES;
        }

        static List<String> command(String... arguments) {
            return Children.command(Programs.require(WebApplicationsIT.class, "node"), (Object[]) arguments);
        }
    }

    /** The dashboard of a proxy server that has no other use. */
    private static final class SpringBoot {
        private static final String PASSWORD = "not-a-secret";

        private SpringBoot() {}

        static Running start(Path folder) {
            ConfigurableApplicationContext application = Started.withAdmin(
                    folder,
                    """
                    portproxy:
                      workers: 1
                      admin:
                        users: [{name: ann, password: "{noop}%s"}]
                        events: {heartbeat-interval: 200ms} # a user who has left is noticed at the next one
                      server: {bind: "127.0.0.1:0"}
                    """.formatted(PASSWORD),
                    "--spring.profiles.active=server",
                    "--server.forward-headers-strategy=native");
            int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            return new Running(port, SpringBoot::use, application);
        }

        private static Map<String, String> use(WebUser user) throws IOException {
            Map<String, String> outcome = new LinkedHashMap<>();
            outcome.put("page", WebUser.worksWith(200, user.get("/")));
            String credentials = Base64.getEncoder().encodeToString(("ann:" + PASSWORD).getBytes(ISO_8859_1));
            outcome.put(
                    "events",
                    WebUser.worksWith(
                            200,
                            user.events("/api/v1/events", "Authorization: Basic " + credentials + "\r\n", ":\n\n")));
            String form = "username=ann&password=" + PASSWORD;
            outcome.put(
                    "form", WebUser.worksWith(200, user.post("/login", "application/x-www-form-urlencoded", form, "")));
            return outcome;
        }
    }

    /** A server that answers GET /home with a page and /go with a redirect. It answers POST and WebSockets if the origin is its own. */
    private static final class StandIn {
        private StandIn() {}

        static Running start(boolean believesForwarded) {
            Target target = new Target(socket -> {
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
                String line = String.valueOf(in.readLine());
                Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                for (String field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
                    fields.put(field.split(": ", 2)[0], field.split(": ", 2)[1]);
                }
                socket.getOutputStream()
                        .write(answer(line, fields, believesForwarded).getBytes(ISO_8859_1));
            });
            return new Running(target.port(), StandIn::use, target);
        }

        private static String answer(String line, Map<String, String> fields, boolean believesForwarded) {
            String site = "http://" + fields.getOrDefault("Host", "");
            if (believesForwarded) {
                // Does the same as Tomcat's RemoteIpValve: the name from one field, the port from another.
                site = fields.getOrDefault("X-Forwarded-Proto", "http") + "://"
                        + fields.getOrDefault("X-Forwarded-Host", "").replaceFirst(":\\d+$", "") + ":"
                        + fields.getOrDefault("X-Forwarded-Port", "80");
            }
            String origin = fields.getOrDefault("Origin", site);
            boolean own =
                    believesForwarded ? origin.equals(site) : authority(origin).equals(authority(site));
            if (line.startsWith("GET /go ")) {
                return "HTTP/1.1 302 Found\r\nLocation: " + site
                        + "/home\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            }
            if (fields.containsKey("Upgrade") && own) {
                return String.join(
                        "\r\n",
                        "HTTP/1.1 101 Switching Protocols",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                        "",
                        "");
            }
            String status = own ? "200 OK" : "403 Forbidden";
            return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        }

        private static String authority(String address) {
            return address.substring(address.indexOf("://") + 3);
        }

        private static Map<String, String> use(WebUser user) throws IOException {
            Map<String, String> outcome = new LinkedHashMap<>();
            outcome.put("page", WebUser.worksWith(200, user.get("/home")));
            outcome.put("redirect", user.redirects("/home", user.get("/go")));
            outcome.put("form", WebUser.worksWith(200, user.post("/home", "text/plain", "a=b", "")));
            outcome.put("WebSocket", WebUser.worksWith(101, user.webSocket("/ws", "")));
            return outcome;
        }
    }
}
