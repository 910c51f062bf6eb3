package io.portproxy.admin.manage;

import io.portproxy.admin.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A request's body as a JSON tree. Its size is limited, and only strict JSON is accepted. */
final class JsonBody {
    /** The most bytes of a body: enough for about 10,000 remotes. */
    static final int MAX_BYTES = 16 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /**
     * Reads a body.
     *
     * @throws ProblemException if the body is too large, or is not JSON
     * @throws IOException if the request did not arrive in full
     */
    static JsonNode read(HttpServletRequest request) throws IOException {
        byte[] bytes = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new ProblemException(
                    HttpStatus.CONTENT_TOO_LARGE, "the body has more than " + (MAX_BYTES >> 20) + " MiB");
        }
        if (bytes.length == 0) {
            throw new ProblemException(HttpStatus.BAD_REQUEST, "the body is empty: send JSON");
        }
        try {
            return MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw new ProblemException(HttpStatus.BAD_REQUEST, "the body is not JSON" + where(e));
        }
    }

    /** Returns where the error is, without the text there, which may be a secret. */
    private static String where(JacksonException failure) {
        return failure.getLocation() == null
                ? ""
                : ": see line " + failure.getLocation().getLineNr() + ", column "
                        + failure.getLocation().getColumnNr();
    }

    /** Returns a record as a tree. */
    static JsonNode tree(Object body) {
        return MAPPER.valueToTree(body);
    }

    /** Returns a document after a merge patch (RFC 7396, section 2). Changes neither of its arguments. */
    static JsonNode merged(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode result = target instanceof ObjectNode object ? object.deepCopy() : MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else {
                JsonNode before = result.get(change.getKey());
                result.set(change.getKey(), merged(before == null ? MAPPER.nullNode() : before, change.getValue()));
            }
        }
        return result;
    }
}
