package io.portproxy.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of several addresses (RFC 8305, section 5). It tries the next address when the previous one has not
 * answered for {@link #STAGGER}, or at once when the previous one has failed. The first connection wins. The others are
 * closed; nothing was sent to them. On one loop.
 */
public final class Dial {
    /** The most addresses of one name that are tried. */
    public static final int MAX_TRIED = 16;

    /**
     * The value of RFC 8305, section 8. It is shorter if otherwise not all addresses could begin within the timeout.
     */
    static final Duration STAGGER = Duration.ofMillis(250);

    /** An address that did not accept the connection, and the reason. */
    public record Failure(InetSocketAddress address, IOException cause) {}

    /** The result of a dial. One of the methods is called once, on the loop, unless the dial is cancelled. */
    public interface Outcome {
        /**
         * Is called when an address has won.
         *
         * @param key the connection's key, without interest; the caller attaches itself to it
         * @param before the attempts that failed before, in the order of the addresses
         */
        void connected(InetSocketAddress address, SelectionKey key, List<Failure> before);

        /**
         * Is called when no address has accepted the connection.
         *
         * @param failures the failure of each address, in their order
         */
        void failed(List<Failure> failures);

        /** Is called when the loop has ended, or after a bug. The bug may be in another method of the outcome. */
        void aborted();
    }

    private final EventLoop loop;
    private final Outcome outcome;
    private final List<Lane> lanes = new ArrayList<>();
    private List<InetSocketAddress> addresses = List.of();
    private @Nullable SocketChannel first;
    private long staggerNanos;
    private Timers.@Nullable Timer deadline;
    private Timers.@Nullable Timer stagger;
    private boolean done;

    public Dial(EventLoop loop, Outcome outcome) {
        this.loop = loop;
        this.outcome = outcome;
    }

    /**
     * Begins. May call the outcome before it returns.
     *
     * @param targets the addresses, at least one
     * @param timeout for all of them together; positive
     * @param channel an unconnected channel for the first of them, if there is one already
     */
    public void start(List<InetSocketAddress> targets, Duration timeout, Optional<SocketChannel> channel) {
        addresses = List.copyOf(targets.subList(0, Math.min(targets.size(), MAX_TRIED)));
        first = channel.orElse(null);
        staggerNanos = Math.min(STAGGER.toNanos(), timeout.toNanos() / addresses.size());
        deadline = loop.timers().afterAwake(timeout.toNanos(), () -> expire(timeout));
        dialNext();
    }

    /**
     * Stops the dial and resets its connections, even those that are already connected. The outcome is not called any
     * more.
     */
    public void cancel() {
        finish();
        lanes.forEach(Lane::close);
        if (first != null) {
            Sockets.reset(first);
        }
    }

    private void dialNext() {
        cancelStagger();
        while (!done && lanes.size() < addresses.size()) {
            Lane lane = new Lane(addresses.get(lanes.size()));
            lanes.add(lane);
            lane.dial();
            if (!done && lane.failure == null) {
                if (lanes.size() < addresses.size()) {
                    stagger = loop.timers().after(staggerNanos, this::dialNext);
                }
                return;
            }
        }
        failIfAllHave();
    }

    private void failIfAllHave() {
        if (!done && lanes.size() == addresses.size() && lanes.stream().allMatch(lane -> lane.failure != null)) {
            finish();
            tell(() -> outcome.failed(failures()));
        }
    }

    /**
     * Calls the outcome. If it throws, its {@link Outcome#aborted} is called, because only the outcome can end the user
     * of the dial.
     */
    private void tell(Runnable end) {
        try {
            end.run();
        } catch (Throwable e) {
            loop.failed(this, e);
            outcome.aborted();
        }
    }

    private void expire(Duration timeout) {
        deadline = null;
        for (Lane lane : lanes) {
            if (lane.failure == null) {
                lane.close();
                lane.failure = new SocketTimeoutException("no answer within " + Durations.text(timeout));
            }
        }
        finish();
        tell(() -> outcome.failed(failures()));
    }

    private List<Failure> failures() {
        List<Failure> failures = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane.failure != null) {
                failures.add(new Failure(lane.address, lane.failure));
            }
        }
        return failures;
    }

    private void finish() {
        done = true;
        cancelStagger();
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private void cancelStagger() {
        if (stagger != null) {
            stagger.cancel();
            stagger = null;
        }
    }

    @Override
    public String toString() {
        return "dial of " + addresses.stream().map(Sockets::text).collect(Collectors.joining(", "));
    }

    /** One address in the race. */
    private final class Lane implements ReadyHandler {
        private final InetSocketAddress address;
        private @Nullable SocketChannel channel;
        private @Nullable SelectionKey key;
        private @Nullable IOException failure;

        Lane(InetSocketAddress address) {
            this.address = address;
        }

        void dial() {
            try {
                SocketChannel fresh = first != null ? first : SocketChannel.open();
                first = null;
                channel = fresh;
                fresh.configureBlocking(false);
                boolean connected = fresh.connect(address) || (isOnThisHost() && fresh.finishConnect());
                SelectionKey registered = loop.register(fresh, connected ? 0 : SelectionKey.OP_CONNECT, this);
                key = registered;
                if (connected) {
                    connected(fresh, registered);
                }
            } catch (UnsupportedAddressTypeException e) {
                fail(new SocketException("this machine has no socket for " + Sockets.text(address)));
            } catch (UnresolvedAddressException e) {
                fail(new SocketException(Sockets.text(address) + " has no address"));
            } catch (IOException e) {
                fail(e);
            }
        }

        /**
         * Returns whether the other end is in the same kernel. Its answer has then come when
         * {@link SocketChannel#connect} returns.
         */
        private boolean isOnThisHost() {
            return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
        }

        @Override
        public void ready(int readyOps) {
            SocketChannel current = channel;
            SelectionKey registered = key;
            if (done || current == null || registered == null) {
                return;
            }
            try {
                if (current.finishConnect()) {
                    registered.interestOps(0);
                    connected(current, registered);
                }
            } catch (IOException e) {
                fail(e);
            }
            if (failure != null) {
                dialNext();
            }
        }

        private void connected(SocketChannel current, SelectionKey registered) throws IOException {
            if (current.getLocalAddress().equals(current.getRemoteAddress())) {
                // By chance, both ends had the same port, because nobody listens there (RFC 9293, section 3.5,
                // simultaneous open).
                Sockets.reset(current);
                throw new ConnectException(
                        "nobody listens at " + Sockets.text(address) + ": the connection was connected to itself");
            }
            finish();
            channel = null;
            lanes.forEach(Lane::close);
            tell(() -> outcome.connected(address, registered, failures()));
        }

        private void fail(IOException cause) {
            close();
            failure = cause;
        }

        void close() {
            if (channel != null) {
                Sockets.reset(channel);
                channel = null;
            }
        }

        @Override
        public void abort() {
            if (!done) {
                cancel();
                outcome.aborted();
            }
        }

        @Override
        public String toString() {
            return "dial of " + Sockets.text(address);
        }
    }
}
