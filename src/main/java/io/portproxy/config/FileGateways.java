package io.portproxy.config;

import io.portproxy.config.check.ConfigurationCheck;
import io.portproxy.config.check.ServerPlan;
import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.TlsBundles;
import io.portproxy.server.exposed.GatewaySettings;
import java.util.List;
import java.util.Optional;

/** The gateways that files declare, when they are read again: with the certificates of the process that runs. */
final class FileGateways {
    private final TlsBundles bundles;
    private final AcmeDoor door;
    private final Optional<AcmeLifecycle> acme;

    FileGateways(TlsBundles bundles, AcmeDoor door, Optional<AcmeLifecycle> acme) {
        this.bundles = bundles;
        this.door = door;
        this.acme = acme;
    }

    /**
     * What files declare now.
     *
     * @param started what the process has started with
     * @throws ConfigurationProblemsException a gateway needs what the process has not
     */
    List<GatewaySettings> read(FreshConfiguration fresh, ServerPlan started) {
        return ConfigurationCheck.gateways(fresh.properties(), fresh.environment(), started, bundles, door);
    }

    /** They are in use now: their hosts may want other certificates. */
    void adopted(FreshConfiguration fresh) {
        acme.ifPresent(
                there -> there.replaceGateways(fresh.properties().server().gateways()));
    }
}
