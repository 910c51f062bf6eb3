package io.portproxy.admin.manage;

import io.portproxy.manage.GatewayDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads gateways of a request's body. What is only shown is left out, so that what was read can be sent back. */
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

    /** What GET shows besides. */
    private static final Set<String> SHOWN = Set.of(
            "origin", "file", "problems", "address", "tls", "trouble", "pending", "unknown", "crowdedOut", "refused");

    private final DefinitionReader reader;

    GatewayReader(DefinitionReader reader) {
        this.reader = reader;
    }

    /** Those of {@code {"gateways": [...]}}; empty if it has no such member. */
    Optional<List<GatewayDefinition>> gateways(DefinitionReader.Members document) {
        if (document.member("gateways").isEmpty()) {
            return Optional.empty();
        }
        List<GatewayDefinition> gateways = new ArrayList<>();
        List<JsonNode> entries = document.list("gateways");
        for (int i = 0; i < entries.size(); i++) {
            gateways.add(gateway(entries.get(i), "/gateways/" + i));
        }
        return Optional.of(gateways);
    }

    /** @param pointer where it is in the body */
    GatewayDefinition gateway(JsonNode node, String pointer) {
        DefinitionReader.Members members = reader.members(withoutShown(node), pointer, GATEWAY);
        return new GatewayDefinition(
                members.text("name").orElse(""),
                members.address("bind"),
                members.wholeNumber("publicPort"),
                members.member("ssl").map(ssl -> ssl(ssl, pointer + "/ssl")).orElse(GatewayDefinition.Ssl.NONE),
                members.flag("redirectToHttps", false),
                members.text("requestTimeout").orElse(GatewayDefinition.DEFAULT_REQUEST_TIMEOUT),
                members.wholeNumber("maxPending").orElse(GatewayDefinition.DEFAULT_MAX_PENDING),
                members.text("maxRequestHead").orElse(GatewayDefinition.DEFAULT_MAX_REQUEST_HEAD),
                members.text("tunnel"),
                members.texts("acceptProxyProtocol"));
    }

    private static JsonNode withoutShown(JsonNode node) {
        return node instanceof ObjectNode object ? object.deepCopy().remove(SHOWN) : node;
    }

    private GatewayDefinition.Ssl ssl(JsonNode node, String pointer) {
        DefinitionReader.Members members = reader.members(node, pointer, SSL);
        return new GatewayDefinition.Ssl(members.text("bundle"), members.texts("bundles"), members.flag("acme", false));
    }
}
