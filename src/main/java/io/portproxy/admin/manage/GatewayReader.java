package io.portproxy.admin.manage;

import io.portproxy.manage.GatewayDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads gateways from a request's body. It ignores members that are only shown, so that a client can send back what it has read. */
final class GatewayReader {
    private static final Set<String> GATEWAY = Set.of(
            "name",
            "bind",
            "publicPort",
            "ssl",
            "redirectToHttps",
            "requestTimeout",
            "maxPending",
            "maxRequestHead",
            "acceptProxyProtocol",
            "tunnel");
    private static final Set<String> SSL = Set.of("bundle", "bundles", "acme");

    /** Further members that GET shows. */
    private static final Set<String> SHOWN = Set.of(
            "origin", "file", "problems", "address", "tls", "trouble", "pending", "unknown", "crowdedOut", "refused");

    private GatewayReader() {}

    /** Returns the gateways of {@code {"gateways": [...]}}; empty if there is no such member. */
    static Optional<List<GatewayDefinition>> gateways(BodyMembers document) {
        if (document.member("gateways").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(document.entries("gateways").stream()
                .map(GatewayReader::gateway)
                .toList());
    }

    static GatewayDefinition gateway(BodyMembers gateway) {
        BodyMembers members = gateway.known(GATEWAY, SHOWN);
        return new GatewayDefinition(
                members.text("name").orElse(""),
                members.address("bind"),
                members.wholeNumber("publicPort"),
                members.object("ssl", SSL).map(GatewayReader::ssl).orElse(GatewayDefinition.Ssl.NONE),
                members.flag("redirectToHttps", false),
                members.text("requestTimeout").orElse(GatewayDefinition.DEFAULT_REQUEST_TIMEOUT),
                members.wholeNumber("maxPending").orElse(GatewayDefinition.DEFAULT_MAX_PENDING),
                members.text("maxRequestHead").orElse(GatewayDefinition.DEFAULT_MAX_REQUEST_HEAD),
                members.text("tunnel"),
                members.texts("acceptProxyProtocol"));
    }

    /** Reads a gateway whose name is in the path. */
    static GatewayDefinition gatewayNamed(String name, BodyMembers body) {
        return gateway(body.fixed("name", name));
    }

    private static GatewayDefinition.Ssl ssl(BodyMembers ssl) {
        return new GatewayDefinition.Ssl(ssl.text("bundle"), ssl.texts("bundles"), ssl.flag("acme", false));
    }
}
