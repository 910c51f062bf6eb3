package io.portproxy.http;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first request head of a connection. The server reads it to see where the request goes. Once that is known,
 * {@link HttpRequestRewriter} reads the same bytes again. Not thread-safe.
 */
public final class FirstHead {
    /** Settings that change nothing, as this class only reads the head. */
    private static HttpRewriteSettings settings(int max) {
        return new HttpRewriteSettings(HostHeader.Policy.PRESERVE, "none:1", ForwardedHeaders.NONE, List.of(), max);
    }

    private final RequestRules rules;
    private final HeadReader reader;
    private @Nullable RequestHead head;

    /**
     * @param origin where the connection comes from
     * @param max the most bytes of a head, at least {@value HttpRewriteSettings#MIN_REQUEST_HEAD}
     */
    public FirstHead(HttpOrigin origin, int max) {
        this.rules = new RequestRules(settings(max), origin);
        this.reader = new HeadReader(max);
    }

    /**
     * Takes bytes of the head, and none after it.
     *
     * @return whether the head is complete; if not, {@code in} is empty
     * @throws RefusedException if the head is malformed or too long, or asks for something that PortProxy does not
     *     relay
     */
    public boolean read(ByteBuffer in) throws RefusedException {
        if (!reader.read(in)) {
            return false;
        }
        head = reader.complete(rules, Switching.FREE);
        return true;
    }

    /** Returns the host that the complete head names, {@linkplain HostName#normal normal}; empty if it names none. */
    public String host() {
        return complete().hostName();
    }

    /** Returns the complete head. */
    public RequestView request() {
        return complete();
    }

    /** Returns the request target of the complete head, as the user wrote it. */
    public String target() {
        return complete().target();
    }

    /** Returns the path and the query of the complete head, as the user wrote them. */
    public String pathAndQuery() {
        return RequestPath.withQuery(target());
    }

    /** Returns whether the complete head is a CONNECT. */
    public boolean isConnect() {
        return complete().kind() == RequestKind.CONNECT;
    }

    /** Returns the style of an answer to this request, as far as the head has been read. */
    public AnswerStyle style() {
        RequestHead current = head;
        return current == null ? reader.style() : current.style();
    }

    /** Returns what the request asks for, as far as it has been read; empty if its first line is not complete. */
    public Optional<RequestView> seen() {
        RequestHead current = head;
        return current == null ? reader.partial() : Optional.of(current);
    }

    /** Returns the bytes of the head that have been read. */
    public byte[] bytes() {
        return reader.raw();
    }

    private RequestHead complete() {
        RequestHead current = head;
        if (current == null) {
            throw new IllegalStateException("the head is not complete");
        }
        return current;
    }
}
