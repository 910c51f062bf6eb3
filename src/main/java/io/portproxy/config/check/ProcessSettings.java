package io.portproxy.config.check;

import io.portproxy.acme.AcmeSettings;
import io.portproxy.admin.events.EventSettings;
import io.portproxy.admin.security.AdminSettings;
import io.portproxy.client.ClientSettings;
import io.portproxy.config.problem.Remark;
import io.portproxy.store.StoreSettings;
import io.portproxy.usage.UsageSettings;
import io.portproxy.webhook.WebhookSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the process: the result of {@link ConfigurationCheck}, with settings for the active roles.
 *
 * @param workers the number of event loops
 * @param shutdownGrace how long open connections may continue after the stop began
 * @param bufferMemory the most bytes that may wait for sockets in the process
 * @param admin the users and tokens of the admin API
 * @param events the limits of the event list
 * @param server the proxy server's settings; empty if the role is not active
 * @param client the remote's settings; empty if the role is not active
 * @param store where the server keeps remotes; empty if the role is not active
 * @param acme how certificates are ordered by ACME; empty if none are
 * @param webhooks the receivers of events
 * @param usage how the server keeps the usage of each port
 * @param remarks the warnings
 * @param byOptions whether options of a command described the role; messages then name these options in place of properties
 */
public record ProcessSettings(
        int workers,
        Duration shutdownGrace,
        long bufferMemory,
        AdminSettings admin,
        EventSettings events,
        Optional<CheckedServer> server,
        Optional<ClientSettings> client,
        Optional<StoreSettings> store,
        Optional<AcmeSettings> acme,
        List<WebhookSettings> webhooks,
        UsageSettings usage,
        List<Remark> remarks,
        boolean byOptions) {
    /** Returns whether TLS ends in this process: at a tunnel of one of the roles, or at a gateway. */
    public boolean hasTls() {
        return server.map(checked -> checked.settings().port().tls().isPresent()
                                || checked.settings().gateways().stream()
                                        .anyMatch(gateway ->
                                                gateway.certificates().isPresent()))
                        .orElse(false)
                || client.map(settings -> settings.tls().isPresent()).orElse(false);
    }
}
