package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Two nginx with the stream module, a worker for each processor, their buffers as they come. */
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
    Child startHop(Lab lab, String hop, List<Route> routes) throws IOException, BenchException {
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
            configuration.append("  server { listen 127.0.0.1:%d backlog=4096; proxy_pass 127.0.0.1:%d; }%n"
                    .formatted(route.from(), route.to()));
        }
        String file =
                lab.write(hop + ".conf", configuration.append("}\n").toString()).toString();
        return lab.start(hop, List.of(Programs.require("nginx"), "-e", "stderr", "-c", file));
    }
}
