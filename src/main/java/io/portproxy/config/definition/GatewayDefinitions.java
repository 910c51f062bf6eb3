package io.portproxy.config.definition;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.GatewayProperties;
import io.portproxy.config.properties.Sizes;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.net.Durations;
import java.util.List;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * Converts gateways between properties and definitions. Both say the same, but properties contain parsed values where definitions
 * contain texts.
 */
public final class GatewayDefinitions {
    private GatewayDefinitions() {}

    /** Converts properties to a definition. */
    public static GatewayDefinition of(GatewayProperties gateway) {
        return new GatewayDefinition(
                String.valueOf(gateway.name()),
                String.valueOf(gateway.bind()),
                Optional.ofNullable(gateway.publicPort()),
                new GatewayDefinition.Ssl(
                        Optional.ofNullable(gateway.ssl().bundle()),
                        gateway.ssl().bundles(),
                        gateway.ssl().acme()),
                gateway.redirectToHttps(),
                Durations.text(gateway.requestTimeout()),
                gateway.maxPending(),
                Sizes.text(gateway.maxRequestHead()),
                Optional.ofNullable(gateway.tunnel()),
                gateway.acceptProxyProtocol() == null ? List.of() : gateway.acceptProxyProtocol());
    }

    /**
     * Converts a definition to properties.
     *
     * @param problems receives a problem for each text that cannot be read
     * @param place the place of the definition in the request
     */
    public static GatewayProperties properties(GatewayDefinition gateway, Problems problems, Place place) {
        return new GatewayProperties(
                gateway.name().isEmpty() ? null : gateway.name(),
                gateway.bind().isEmpty() ? null : gateway.bind(),
                gateway.publicPort().orElse(null),
                new GatewayProperties.Ssl(
                        gateway.ssl().bundle().orElse(null),
                        gateway.ssl().bundles(),
                        gateway.ssl().acme()),
                gateway.redirectToHttps(),
                RemoteDefinitions.duration(problems, place.key("request-timeout"), gateway.requestTimeout()),
                gateway.maxPending(),
                size(problems, place.key("max-request-head"), gateway.maxRequestHead()),
                gateway.tunnel().orElse(null),
                gateway.acceptProxyProtocol().isEmpty() ? null : gateway.acceptProxyProtocol());
    }

    private static DataSize size(Problems problems, Place place, String text) {
        try {
            return DataSize.parse(text);
        } catch (IllegalArgumentException e) {
            problems.add(place, text, "is not a size", "write a number with a unit, such as 32KB");
            return DataSize.ofKilobytes(32);
        }
    }
}
