package io.portproxy.store;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the format of hosts and ports of type http before 0.1.0: the store kept some settings of requests beside {@code http}
 * instead of in it.
 */
final class EarlierHttp {
    private static final List<String> BESIDE =
            List.of("hostHeader", "forwardedHeaders", "trustedProxies", "maxRequestHead");

    private EarlierHttp() {}

    /** Converts the settings of a host or port to today's form. Settings in today's form stay as they are. */
    static JsonNode today(JsonNode definition) {
        if (definition instanceof ObjectNode object) {
            for (String name : BESIDE) {
                JsonNode value = object.remove(name);
                if (value != null) {
                    object.withObjectProperty("http").set(name, value);
                }
            }
        }
        return definition;
    }

    /** As {@link #today}, for all remotes of a snapshot. */
    static JsonNode ofSnapshot(JsonNode content) {
        for (JsonNode remote : content.path("remotes")) {
            JsonNode definition = remote.path("definition");
            definition.path("ports").forEach(EarlierHttp::today);
            definition.path("hosts").forEach(EarlierHttp::today);
        }
        return content;
    }
}
