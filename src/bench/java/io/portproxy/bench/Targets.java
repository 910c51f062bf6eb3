package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The targets behind every contender: the server of iperf3, nginx, and {@link TargetServer}. */
final class Targets {
    /** The path of nginx's large answer. */
    static final String LARGE = "large";

    private static final int LARGE_BYTES = 2 << 20;

    private final Map<Service, Integer> ports = new EnumMap<>(Service.class);

    private Targets() {}

    /** Starts the targets that are installed. The suite's own target always is. */
    static Targets start(Lab lab) throws IOException, BenchException {
        Targets targets = new Targets();
        int own = lab.freePort();
        String classPath = System.getProperty("java.class.path");
        lab.start(
                "target",
                List.of(
                        Programs.java(),
                        "-Xmx512m",
                        "-XX:+UseParallelGC",
                        "-cp",
                        classPath,
                        TargetServer.class.getName(),
                        Integer.toString(own)));
        targets.ports.put(Service.OWN, own);
        targets.ports.put(Service.DATAGRAMS, own);
        OwnClient.awaitEcho(own);
        if (Programs.find("iperf3").isPresent()) {
            int port = lab.freePort();
            lab.start(
                    Iperf3.SERVER,
                    List.of(Programs.require("iperf3"), "-s", "--forceflush", "-B", "127.0.0.1", "-p", port + ""));
            targets.ports.put(Service.IPERF3, port);
        }
        if (Programs.find("nginx").isPresent()) {
            targets.ports.put(Service.HTTP, startNginx(lab));
        }
        return targets;
    }

    private static int startNginx(Lab lab) throws IOException, BenchException {
        int port = lab.freePort();
        Files.write(lab.file(LARGE), new byte[LARGE_BYTES]);
        String configuration = """
                daemon off;
                worker_processes auto;
                pid %1$s/target-nginx.pid;
                error_log stderr warn;
                events { worker_connections 4096; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/target-nginx-body;
                  proxy_temp_path %1$s/target-nginx-proxy;
                  fastcgi_temp_path %1$s/target-nginx-fastcgi;
                  uwsgi_temp_path %1$s/target-nginx-uwsgi;
                  scgi_temp_path %1$s/target-nginx-scgi;
                  keepalive_requests 1000000000;
                  keepalive_timeout 1h;
                  server {
                    listen 127.0.0.1:%2$d backlog=4096;
                    location / { return 200 "%3$s"; }
                    location = /%4$s { root %1$s; }
                  }
                }
                """.formatted(lab.file(""), port, "x".repeat(128), LARGE);
        String file = lab.write("target-nginx.conf", configuration).toString();
        lab.start("target-nginx", List.of(Programs.require("nginx"), "-e", "stderr", "-c", file));
        return port;
    }

    /** Returns whether that service runs. */
    boolean has(Service service) {
        return ports.containsKey(service);
    }

    /** Returns the port of a service on 127.0.0.1. */
    int port(Service service) {
        return ports.get(service);
    }

    /** Returns the services over TCP that run. */
    List<Service> services() {
        return ports.keySet().stream()
                .filter(service -> service != Service.DATAGRAMS)
                .toList();
    }
}
