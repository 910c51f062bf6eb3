package io.portproxy.server.exposed.user;

import io.portproxy.net.AddressSet;
import io.portproxy.net.Durations;
import io.portproxy.net.PendingConnections;
import io.portproxy.net.ProxyHeader;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Timers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reader of the header of the PROXY protocol, which contains the user's address. It reads the header of connections
 * from certain addresses, and no byte that follows. Other addresses must not send a header: their connections are
 * {@linkplain IncomingConnection#watchedBy watched}.
 */
public final class HeaderPreface implements Preface {
    /** The reason in metrics and in the API when a header is missing or invalid, or when a user must not send one. */
    public static final String REFUSED = "proxy_header";

    /** The receiver of refused connections. */
    @FunctionalInterface
    public interface Refused {
        /**
         * Is called when a connection is refused. The caller resets the connection. On the loop that has the connection.
         *
         * @param why one phrase for a log line
         */
        void refused(IncomingConnection user, String why);
    }

    private final AddressSet from;
    private final Duration timeout;
    private final PendingConnections pending;
    private final Refused refused;

    /**
     * @param from the addresses whose connections begin with a header
     * @param timeout how long a header may take
     * @param pending limits how many connections may be without a complete header; it belongs to the loop that reads them
     */
    public HeaderPreface(AddressSet from, Duration timeout, PendingConnections pending, Refused refused) {
        this.from = from;
        this.timeout = timeout;
        this.pending = pending;
        this.refused = refused;
    }

    @Override
    public void read(IncomingConnection user, Consumer<IncomingConnection> next) {
        if (from.contains(user.address().getAddress())) {
            new Reading(user, next).start();
        } else {
            next.accept(user.watchedBy(new HeaderWatch(why -> refused.refused(user, why))));
        }
    }

    /** A connection whose header is not complete yet. On the loop that has the connection. */
    private final class Reading implements ReadyHandler {
        private final IncomingConnection user;
        private final Consumer<IncomingConnection> next;
        private byte[] read = new byte[ProxyHeader.MAX_V1];
        private int length;
        private Timers.@Nullable Timer deadline;
        private boolean over;

        Reading(IncomingConnection user, Consumer<IncomingConnection> next) {
            this.user = user;
            this.next = next;
        }

        private void start() {
            pending.makeRoomFor(user.address().getAddress());
            pending.add(this, user.address());
            try {
                user.loop().register(user.transport().socket(), SelectionKey.OP_READ, this);
            } catch (IOException e) {
                refuse("it was gone at once: " + e.getMessage());
                return;
            }
            deadline = user.loop()
                    .timers()
                    .afterAwake(
                            timeout.toNanos(),
                            () -> refuse("no header of the PROXY protocol within " + Durations.text(timeout)),
                            this::abort);
        }

        @Override
        public void ready(int readyOps) {
            if (over) {
                return;
            }
            try {
                for (int missing = missing(); missing > 0; missing = missing()) {
                    int got = read(missing);
                    if (got < 0) {
                        refuse("it ended the connection within the header of the PROXY protocol");
                        return;
                    } else if (got < missing) {
                        missing(); // throws if this cannot become a header
                        return;
                    }
                }
                complete(ProxyHeader.user(ByteBuffer.wrap(read, 0, length)));
            } catch (IOException | ProxyHeader.InvalidException e) {
                refuse(String.valueOf(e.getMessage()));
            }
        }

        private int missing() throws ProxyHeader.InvalidException {
            return ProxyHeader.missing(ByteBuffer.wrap(read, 0, length));
        }

        /** Reads at most the bytes that the header certainly lacks, so no byte after the header is read. */
        private int read(int missing) throws IOException {
            if (length + missing > read.length) {
                read = Arrays.copyOf(read, length + missing);
            }
            int got = user.transport().read(ByteBuffer.wrap(read, length, missing));
            length += Math.max(0, got);
            return got;
        }

        private void complete(Optional<InetSocketAddress> said) {
            end();
            next.accept(said.map(user::from).orElse(user));
        }

        private void refuse(String why) {
            if (!over) {
                end();
                refused.refused(user, why);
                user.reset();
            }
        }

        private void end() {
            over = true;
            pending.remove(this);
            if (deadline != null) {
                deadline.cancel();
            }
        }

        @Override
        public void abort() {
            if (!over) {
                end();
                user.reset();
            }
        }

        @Override
        public String toString() {
            return "PROXY protocol of " + user.addressText();
        }
    }
}
