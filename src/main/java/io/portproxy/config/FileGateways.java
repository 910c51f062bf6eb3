package io.portproxy.config;

import io.portproxy.acme.AcmeSettings;
import io.portproxy.acme.ChallengeType;
import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.check.ConfigurationCheck;
import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.TlsBundles;
import io.portproxy.manage.PlannedGateway;
import java.util.List;
import java.util.Optional;

/** Reads the gateways that files declare again, and gives them the certificates of the running process. */
final class FileGateways {
    private final TlsBundles bundles;
    private final AcmeDoor door;
    private final Optional<AcmeSettings> started;

    /** @param started how this process gets certificates by ACME; empty if it gets none */
    FileGateways(TlsBundles bundles, AcmeDoor door, Optional<AcmeSettings> started) {
        this.started = started;
        this.bundles = bundles;
        this.door = door;
    }

    /**
     * Returns the gateways that the files declare now.
     *
     * @param server what the process started with
     * @throws ConfigurationProblemsException a gateway needs something that this process does not have
     */
    List<PlannedGateway> read(FreshConfiguration fresh, CheckedServer server) {
        Optional<List<ChallengeType>> before =
                started.map(settings -> settings.validation().challenges());
        Optional<List<ChallengeType>> now =
                fresh.checked().acme().map(settings -> settings.validation().challenges());
        if (before.isPresent() && now.isPresent() && !before.equals(now)) {
            throw new ConfigurationProblemsException(List.of(Problem.of(
                    new EnvironmentValues(fresh.environment()),
                    CheckedServer.GATEWAYS,
                    "",
                    "change how the certificate authority can check names (the type of challenge), which needs a restart",
                    "restart the server to have them, or keep a gateway with ssl.acme or a plain one as it was")));
        }
        return ConfigurationCheck.gateways(fresh.properties(), fresh.environment(), server, bundles, door);
    }
}
