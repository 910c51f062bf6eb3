package io.portproxy.config.definition;

import io.portproxy.config.properties.AccessProperties;
import io.portproxy.config.properties.HostProperties;
import io.portproxy.config.properties.PortProperties;
import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.UsersDefinition;
import io.portproxy.net.ProxyHeader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts what remotes, hosts and ports say of their users, between properties and definitions. */
final class UserDefinitions {
    private UserDefinitions() {}

    /** Converts the properties of who may connect to a definition; empty if they restrict nothing. */
    static Optional<AccessDefinition> access(@Nullable AccessProperties access) {
        return Optional.ofNullable(access)
                .flatMap(there -> new AccessDefinition(list(there.allow()), list(there.deny())).unlessEmpty());
    }

    /** Converts the properties of a port to a definition. */
    static UsersDefinition of(PortProperties port) {
        return new UsersDefinition(
                access(port.access()),
                text(port.proxyProtocol()),
                list(port.acceptProxyProtocol()),
                QuotaDefinitions.of(port.quota()),
                LimitDefinitions.of(port.limits()),
                LimitDefinitions.text(port.holdWhileAway()));
    }

    /** Converts the properties of a host to a definition. */
    static UsersDefinition of(HostProperties host) {
        return new UsersDefinition(
                access(host.access()),
                text(host.proxyProtocol()),
                List.of(),
                QuotaDefinitions.of(host.quota()),
                LimitDefinitions.of(host.limits()),
                LimitDefinitions.text(host.holdWhileAway()));
    }

    private static Optional<String> text(ProxyHeader.@Nullable Version version) {
        return Optional.ofNullable(version).map(ProxyHeader.Version::toString);
    }

    private static List<String> list(@Nullable List<String> written) {
        return written == null ? List.of() : written;
    }

    /** Converts a definition of who may connect to properties; null if there is none. */
    static @Nullable AccessProperties properties(Optional<AccessDefinition> access) {
        return access.map(there -> new AccessProperties(
                        there.allow().isEmpty() ? null : there.allow(),
                        there.deny().isEmpty() ? null : there.deny()))
                .orElse(null);
    }
}
