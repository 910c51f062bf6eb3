package io.portproxy.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Two HAProxy processes in mode tcp, with their default threads, buffers and splicing. The first one is also a reverse proxy for HTTP that
 * ends TLS.
 */
final class HaProxyChain extends ProxyChain {
    static final String NAME = "haproxy";

    HaProxyChain() {
        super(NAME);
    }

    @Override
    Optional<String> missing() {
        return Programs.missing("haproxy");
    }

    @Override
    boolean endsTls() {
        return true;
    }

    @Override
    Child startHop(Lab lab, String hop, List<Route> routes, Optional<Route> front) throws IOException, BenchException {
        StringBuilder configuration = new StringBuilder("""
                global
                  maxconn 4000
                defaults
                  mode tcp
                  timeout connect 10s
                  timeout client 1h
                  timeout server 1h
                """);
        for (Route route : routes) {
            configuration.append("""
                    listen port%1$d
                      bind 127.0.0.1:%1$d
                      server target 127.0.0.1:%2$d
                    """.formatted(route.from(), route.to()));
        }
        if (front.isPresent()) {
            configuration.append("""
                    listen https
                      mode http
                      option forwardfor
                      bind 127.0.0.1:%d ssl crt %s
                      server target 127.0.0.1:%d
                    """.formatted(
                            front.get().from(),
                            TestCertificate.of(lab).pem(),
                            front.get().to()));
        }
        String file = lab.write(hop + ".cfg", configuration.toString()).toString();
        return lab.start(hop, List.of(Programs.require("haproxy"), "-db", "-f", file));
    }
}
