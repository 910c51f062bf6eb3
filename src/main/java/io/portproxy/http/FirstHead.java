package io.portproxy.http;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first request head of a connection, which is looked at to see what it asks for, and which {@link HttpRequestRewriter} reads
 * again, as it came, once that is known. Not thread-safe.
 */
public final class FirstHead {
    /** It is only looked at, so nothing of it is changed. */
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
     * Takes bytes of the head, and none behind it.
     *
     * @return whether it is complete; if not, {@code in} is empty
     * @throws RefusedException it is malformed or too long, or asks for what is not done
     */
    public boolean read(ByteBuffer in) throws RefusedException {
        if (!reader.read(in)) {
            return false;
        }
        head = reader.complete(rules, Switching.FREE);
        return true;
    }

    /** Whom the complete one names, {@linkplain HostName#normal normal}; empty if nobody. */
    public String host() {
        return complete().hostName();
    }

    /** The complete one. */
    public RequestView request() {
        return complete();
    }

    /** The target of the complete one, as the user wrote it. */
    public String target() {
        return complete().target();
    }

    /** The path and the query of the complete one, as the user wrote them. */
    public String pathAndQuery() {
        return RequestPath.withQuery(target());
    }

    /** Whether the complete one is a CONNECT. */
    public boolean isConnect() {
        return complete().kind() == RequestKind.CONNECT;
    }

    /** How it is to be answered, as far as it has been read. */
    public AnswerStyle style() {
        RequestHead current = head;
        return current == null ? reader.style() : current.style();
    }

    /** What it asks for, as far as it has been read; empty if not even its first line has. */
    public Optional<RequestView> seen() {
        RequestHead current = head;
        return current == null ? reader.partial() : Optional.of(current);
    }

    /** What was read of it. */
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
