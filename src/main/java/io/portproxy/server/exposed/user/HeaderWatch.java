package io.portproxy.server.exposed.user;

import io.portproxy.net.ProxyHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The check of the first bytes of a connection that must not begin with a header of the PROXY protocol. The bytes are
 * not delayed, because the user may send nothing before the target does. On the loop that has the connection.
 */
final class HeaderWatch {
    private final ProxyHeader.Watch watch = new ProxyHeader.Watch();
    private final Consumer<String> found;

    /** @param found gets the reason, one phrase for a log line, when the connection begins with a header */
    HeaderWatch(Consumer<String> found) {
        this.found = found;
    }

    /**
     * Checks the next bytes, and leaves them unchanged.
     *
     * @throws IOException the connection begins with a header, which was reported; the caller must reset the connection
     */
    void look(ByteBuffer next) throws IOException {
        if (!watch.isOver() && watch.finds(next)) {
            String why = "a header of the PROXY protocol from an address that may send none";
            found.accept(why);
            throw new IOException(why);
        }
    }

    /** Whether no more bytes need a check. */
    boolean isOver() {
        return watch.isOver();
    }
}
