package io.portproxy.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket options of a stream's socket. {@link Sockets#prepare} sets them for other sockets at once. They cost five
 * system calls, and a connection that carries one short answer never needs them. Loop's thread only.
 *
 * <p>Nagle's algorithm holds a piece back only while an earlier one is not acknowledged, and it sends the last piece
 * before a FIN. So this class turns it off before the second write, or before a first write that may need more than one
 * segment. Keep-alive is only useful for connections that last. Both options are set at the latest one second after the
 * start.
 */
public final class LateOptions {
    private static final Logger log = LoggerFactory.getLogger(LateOptions.class);

    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Bytes that fit into one segment of any connection (RFC 9293, section 3.7.1). */
    private static final int ONE_SEGMENT = 536;

    private final SocketChannel channel;
    private final Timers.Timer timer;
    private boolean written;
    private boolean prompt; // whether Nagle's algorithm is off

    /**
     * @param channel a socket that has just been connected
     */
    public LateOptions(EventLoop loop, SocketChannel channel) {
        this.channel = channel;
        this.timer = loop.timers().after(SETTLED_NANOS, this::settle);
    }

    /**
     * Is called before bytes are written.
     *
     * @param length the most bytes that are written
     * @throws IOException if the socket is broken
     */
    public void writing(long length) throws IOException {
        if (!prompt && (written || length > ONE_SEGMENT)) {
            prompt = true;
            Sockets.disableNagle(channel);
        }
        written = true;
    }

    /** Stops the timer, because the stream has ended. */
    public void stop() {
        timer.cancel();
    }

    private void settle() {
        try {
            writing(0);
            Sockets.keepAlive(channel);
        } catch (IOException e) {
            // The socket is broken; its next read reports that.
            log.debug("the options of {} could not be set", channel, e);
        }
    }
}
