package io.portproxy.config;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.server.ProxyServer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.SmartLifecycle;

/** Begins to order once this process answers challenges, and ends that before it stops to. */
final class AcmeLifecycle implements SmartLifecycle {
    private final AcmeCertificates certificates;
    private final Optional<ProxyServer> server;
    private final boolean tunnelHasOwn;
    private volatile List<ServerProperties.Gateway> gateways;
    private volatile boolean running;

    /** @param server whose hosts want certificates */
    AcmeLifecycle(AcmeCertificates certificates, Optional<ProxyServer> server, ServerProperties properties) {
        this.certificates = certificates;
        this.server = server;
        this.gateways = withAcme(properties.gateways());
        this.tunnelHasOwn = properties.ssl().acme() || properties.ssl().bundle() != null;
    }

    private static List<ServerProperties.Gateway> withAcme(List<ServerProperties.Gateway> gateways) {
        return gateways.stream().filter(gateway -> gateway.ssl().acme()).toList();
    }

    /** From now on the gateways are these. Any thread. */
    void replaceGateways(List<ServerProperties.Gateway> others) {
        gateways = withAcme(others);
        certificates.changed();
    }

    /** Those of gateways that have certificates by ACME. */
    private Set<String> hosts(ProxyServer running) {
        Set<String> hosts = new HashSet<>();
        for (ServerProperties.Gateway gateway : gateways) {
            hosts.addAll(running.hostNames(String.valueOf(gateway.name())));
            if (gateway.tunnel() != null && !tunnelHasOwn) {
                hosts.add(gateway.tunnel());
            }
        }
        return hosts;
    }

    @Override
    public void start() {
        certificates.start(() -> server.map(this::hosts).orElse(Set.of()));
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        certificates.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return RuntimeLifecycle.PHASE + 1;
    }

    /** Its thread starts once. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
