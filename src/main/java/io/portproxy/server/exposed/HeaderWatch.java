package io.portproxy.server.exposed;

import io.portproxy.net.ProxyHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Looks at the first bytes of a connection that must not begin with a header of the PROXY protocol. They are not held back: who connects might say
 * nothing before the target does. On the loop that has the connection.
 */
final class HeaderWatch {
    private final ProxyHeader.Watch watch = new ProxyHeader.Watch();
    private final Consumer<String> found;

    /** @param found is told that it begins with one, by one phrase for a log line */
    HeaderWatch(Consumer<String> found) {
        this.found = found;
    }

    /**
     * Looks at what has come next, which stays as it is.
     *
     * @throws IOException with that it is a header, which has been told; the connection is to be reset
     */
    void look(ByteBuffer next) throws IOException {
        if (!watch.isOver() && watch.finds(next)) {
            String why = "a header of the PROXY protocol from an address that may send none";
            found.accept(why);
            throw new IOException(why);
        }
    }

    /** Whether there is no need to look any more. */
    boolean isOver() {
        return watch.isOver();
    }
}
