package io.portproxy.admin.api;

import io.portproxy.admin.events.Role;
import io.portproxy.client.ProxyClient;
import io.portproxy.net.Sockets;
import io.portproxy.server.ProxyServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.info.BuildProperties;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The process that answers, and its warnings. */
@RestController
@ConditionalOnWebApplication
@RequestMapping(path = "/api/v1/process", produces = "application/json")
class ProcessController {
    private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

    private final String host = host();
    private final String version;
    private final StartFacts facts;
    private final ProcessWarnings warnings;
    private final Optional<ProxyServer> server;
    private final Optional<ProxyClient> client;

    ProcessController(
            StartFacts facts,
            ProcessWarnings warnings,
            Optional<ProxyServer> server,
            Optional<ProxyClient> client,
            ObjectProvider<BuildProperties> build) {
        this.facts = facts;
        this.warnings = warnings;
        this.server = server;
        this.client = client;
        this.version = Optional.ofNullable(build.getIfAvailable())
                .map(BuildProperties::getVersion)
                .orElse("");
    }

    /**
     * Shows the process that answers. The answer has its host, version and uptime. It says where tunnels connect and
     * how they are protected. It also warns of what needs attention, such as tunnels without encryption or a
     * certificate that expires soon.
     */
    @GetMapping
    ProcessJson getProcess() {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        return new ProcessJson(
                host,
                version,
                Instant.ofEpochMilli(started),
                ManagementFactory.getRuntimeMXBean().getUptime(),
                tunnels(),
                warnings.now());
    }

    private List<ProcessJson.End> tunnels() {
        return Stream.concat(
                        server.stream()
                                .map(role -> new ProcessJson.End(
                                        Role.SERVER.key(),
                                        Sockets.text(role.tunnelAddress()),
                                        facts.serverSecurity().orElse(""))),
                        client.stream()
                                .map(role -> new ProcessJson.End(
                                        Role.CLIENT.key(),
                                        role.view().server(),
                                        facts.clientSecurity().orElse(""))))
                .toList();
    }

    /** Returns the host's name from the kernel or the environment. Java's own method may query a name service and wait for it. */
    private static String host() {
        try {
            if (Files.isReadable(HOST)) {
                return Files.readString(HOST).strip();
            }
        } catch (IOException e) {
            // the environment may contain it
        }
        return Stream.of("HOSTNAME", "COMPUTERNAME")
                .flatMap(name -> Optional.ofNullable(System.getenv(name)).stream())
                .findFirst()
                .orElse("");
    }
}
