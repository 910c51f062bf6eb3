package io.portproxy.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of a stream's socket that {@link Sockets#prepare} sets for other sockets at once: five system calls, which a
 * connection that carries one short answer never needs. Loop's thread only.
 *
 * <p>Nagle's algorithm holds a piece back only while an earlier one is not acknowledged, and lets the last one before a FIN go.
 * So it is turned off ahead of the second write, or of a first one that may need more than one segment. Asking for a silent
 * peer is for connections that last: it begins, with the other, a second after the start.
 */
public final class LateOptions {
    private static final Logger log = LoggerFactory.getLogger(LateOptions.class);

    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Bytes that fit into one segment of any connection (RFC 9293, section 3.7.1). */
    private static final int ONE_SEGMENT = 536;

    private final SocketChannel channel;
    private final Timers.Timer timer;
    private boolean written;
    private boolean prompt; // Nagle's algorithm is off

    /**
     * @param channel a socket that has just been connected
     */
    public LateOptions(EventLoop loop, SocketChannel channel) {
        this.channel = channel;
        this.timer = loop.timers().after(SETTLED_NANOS, this::settle);
    }

    /**
     * Bytes are about to be written.
     *
     * @param length how many, at most
     * @throws IOException the socket is broken
     */
    public void writing(long length) throws IOException {
        if (!prompt && (written || length > ONE_SEGMENT)) {
            prompt = true;
            Sockets.disableNagle(channel);
        }
        written = true;
    }

    /** The stream has ended. */
    public void stop() {
        timer.cancel();
    }

    private void settle() {
        try {
            writing(0);
            Sockets.keepAlive(channel);
        } catch (IOException e) {
            log.debug("the options of {} could not be set", channel, e); // it is broken, as its next read says
        }
    }
}
