package io.portproxy.config;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.server.ProxyServer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;

/** Begins to order once this process answers challenges, and ends that before it stops to. */
final class AcmeLifecycle implements SmartLifecycle {
    private final AcmeCertificates certificates;
    private final Optional<ProxyServer> server;
    private final boolean tunnelHasOwn;
    private final Supplier<List<GatewayDefinition>> gateways;
    private volatile boolean running;

    /**
     * @param server whose hosts want certificates
     * @param gateways those that are open
     */
    AcmeLifecycle(
            AcmeCertificates certificates,
            Optional<ProxyServer> server,
            Supplier<List<GatewayDefinition>> gateways,
            ServerProperties properties) {
        this.certificates = certificates;
        this.server = server;
        this.gateways = gateways;
        this.tunnelHasOwn = properties.ssl().acme() || properties.ssl().bundle() != null;
    }

    /** Those of gateways that have certificates by ACME. */
    private Set<String> hosts(ProxyServer running) {
        Set<String> hosts = new HashSet<>();
        for (GatewayDefinition gateway : gateways.get()) {
            if (gateway.ssl().acme()) {
                hosts.addAll(running.hostNames(gateway.name()));
                gateway.tunnel().filter(name -> !tunnelHasOwn).ifPresent(hosts::add);
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
