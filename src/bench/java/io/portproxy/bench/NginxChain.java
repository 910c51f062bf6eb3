package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Two nginx processes with the stream module, a worker for each processor, and default buffers. The first one is also a reverse proxy for
 * HTTP that ends TLS.
 */
final class NginxChain extends ProxyChain {
    static final String NAME = "nginx";

    private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");

    NginxChain() {
        super(NAME);
    }

    @Override
    Optional<String> missing() {
        Optional<String> program = Programs.missing("nginx");
        if (program.isPresent() || Files.exists(MODULE)) {
            return program;
        }
        return Optional.of("nginx's stream module (Debian: libnginx-mod-stream) is not installed");
    }

    @Override
    boolean endsTls() {
        return true;
    }

    @Override
    boolean carriesDatagrams() {
        return true;
    }

    @Override
    Child startHop(Lab lab, String hop, List<Route> routes, Optional<Route> front) throws IOException, BenchException {
        StringBuilder configuration = new StringBuilder("""
                load_module %s;
                daemon off;
                worker_processes auto;
                pid %s;
                error_log stderr warn;
                events { worker_connections 4096; }
                stream {
                  proxy_timeout 1h;
                """.formatted(MODULE, lab.file(hop + ".pid")));
        for (Route route : routes) {
            String how = route.datagrams() ? "udp reuseport" : "backlog=4096";
            configuration.append("  server { listen 127.0.0.1:%d %s; proxy_pass 127.0.0.1:%d; }%n"
                    .formatted(route.from(), how, route.to()));
        }
        configuration.append("}\n");
        if (front.isPresent()) {
            configuration.append(http(lab, hop, front.get()));
        }
        String file = lab.write(hop + ".conf", configuration.toString()).toString();
        return lab.start(hop, List.of(Programs.require("nginx"), "-e", "stderr", "-c", file));
    }

    private static String http(Lab lab, String hop, Route front) throws IOException, BenchException {
        return """
                http {
                  access_log off;
                  client_body_temp_path %1$s-body;
                  proxy_temp_path %1$s-proxy;
                  fastcgi_temp_path %1$s-fastcgi;
                  uwsgi_temp_path %1$s-uwsgi;
                  scgi_temp_path %1$s-scgi;
                  keepalive_requests 1000000000;
                  keepalive_timeout 1h;
                  upstream target { server 127.0.0.1:%2$d; keepalive 64; keepalive_requests 1000000000; }
                  server {
                    listen 127.0.0.1:%3$d ssl backlog=4096;
                    ssl_certificate %4$s;
                    ssl_certificate_key %4$s;
                    location / {
                      proxy_pass http://target;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_set_header Host $http_host;
                      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                      proxy_set_header X-Forwarded-Proto $scheme;
                    }
                  }
                }
                """.formatted(
                lab.file(hop), front.to(), front.from(), TestCertificate.of(lab).pem());
    }
}
