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

/**
 * Starts ordering certificates after this process has begun to answer challenges. Stops ordering them before the process stops
 * answering.
 */
final class AcmeLifecycle implements SmartLifecycle {
    private final AcmeCertificates certificates;
    private final Optional<ProxyServer> server;
    private final boolean tunnelHasOwn;
    private final Supplier<List<GatewayDefinition>> gateways;
    private volatile boolean running;

    /**
     * @param server the server whose host names need certificates; empty if this process is no server
     * @param gateways supplies the gateways that are open
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

    /** Returns the host names of all gateways whose certificates come from ACME. */
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

    /** The thread of the certificates can start only once. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
