package io.portproxy.client;

import io.portproxy.net.Dial;
import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.tunnel.connection.TunnelTerms;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a tunnel. It begins with the look-up of the server's name, and ends when the server accepts the tunnel at one of its
 * addresses.
 *
 * <pre>
 *   look up --> race of the addresses --> handshake with the winner --> welcomed
 *      |              |   ^                        |
 *      |              |   +---(others are left)----+
 *      +--------------+------------ failed --------+
 * </pre>
 *
 * An exception, a lost connection and a missing answer all count as failures. The attempt has one deadline, which is as long as its parts
 * may take together. On the tunnel's loop.
 */
final class ConnectAttempt implements ServerHandshake.Owner {
    /** Added to the deadline. So the timeouts of the parts, which give a better reason, come first. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** Receives the result. One of its methods is called, once, unless the attempt is cancelled. */
    interface Outcome {
        /**
         * The server accepts the tunnel. In the classic dialect, the server does not say whether it accepts.
         *
         * @param greeting what the tunnel must send first
         * @param rest bytes that were read after the server's greeting
         */
        void welcomed(Transport transport, TunnelTerms terms, Optional<byte[]> greeting, ByteBuffer rest);

        /**
         * The attempt has failed. The server did not accept the tunnel at any address, or the deadline has passed.
         *
         * @param why the reason, for a log line
         * @param unforeseen the exception, if the cause is not an answer of the network
         */
        void failed(String why, Optional<Throwable> unforeseen);
    }

    private final ClientContext context;
    private final ServerAddresses server;
    private final int index;
    private final EventLoop loop;
    private final Outcome outcome;
    private final List<InetSocketAddress> left = new ArrayList<>();
    private final StringJoiner reasons = new StringJoiner("; ");
    private boolean several;
    private Runnable step = () -> {}; // ends the current step
    private Timers.@Nullable Timer deadline;
    private boolean over;

    /** @param index the number of the tunnel among this process's tunnels to the same server */
    ConnectAttempt(ClientContext context, ServerAddresses server, int index, EventLoop loop, Outcome outcome) {
        this.context = context;
        this.server = server;
        this.index = index;
        this.loop = loop;
        this.outcome = outcome;
    }

    void start() {
        Duration patience = context.resolver().patience();
        deadline = loop.timers()
                .after(
                        patience.toNanos(),
                        () -> fail("the name service has not answered within " + Durations.text(patience)));
        run(() -> server.find(loop, addresses -> run(() -> found(addresses)), this::fail));
    }

    /** Ends the attempt. After that, the outcome is not called. */
    void cancel() {
        over = true;
        if (deadline != null) {
            deadline.cancel();
        }
        step.run();
    }

    private void found(List<InetSocketAddress> addresses) {
        left.addAll(addresses.subList(0, Math.min(addresses.size(), Dial.MAX_TRIED)));
        several = left.size() > 1;
        Duration time = timeOfOne().multipliedBy(left.size()).plus(SLACK);
        if (deadline != null) {
            deadline.cancel();
        }
        deadline = loop.timers()
                .afterAwake(time.toNanos(), () -> fail("no tunnel came up within " + Durations.text(time)));
        dial();
    }

    private Duration timeOfOne() {
        ClientSettings settings = context.settings();
        int greetings = (settings.tls().isPresent() ? 1 : 0) + (settings.dialect() == Dialect.EXTENDED ? 1 : 0);
        DialTimes times = settings.times();
        return times.connectTimeout().plus(times.greetingTimeout().multipliedBy(greetings));
    }

    private void dial() {
        Dial dial = new Dial(loop, new DialOutcome());
        step = dial::cancel;
        dial.start(left, context.settings().times().connectTimeout(), Optional.empty());
    }

    private void dialled(InetSocketAddress address, SocketChannel channel) {
        left.remove(address);
        ServerHandshake handshake = new ServerHandshake(context, index, loop, address, channel, this);
        step = handshake::cancel;
        handshake.start();
    }

    private void note(List<Dial.Failure> failures) {
        for (Dial.Failure failure : failures) {
            left.remove(failure.address());
            note(failure.address(), String.valueOf(failure.cause().getMessage()));
        }
    }

    private void note(InetSocketAddress address, String why) {
        reasons.add(several ? Sockets.text(address) + ": " + why : why);
    }

    @Override
    public void run(Runnable part) {
        if (over) {
            return;
        }
        try {
            part.run();
        } catch (Throwable e) { // otherwise nothing would start the next attempt
            fail("unforeseen: " + e, Optional.of(e));
        }
    }

    @Override
    public void welcomed(Transport transport, TunnelTerms terms, Optional<byte[]> greeting, ByteBuffer rest) {
        if (over) {
            transport.close();
            return;
        }
        step = () -> {};
        cancel();
        outcome.welcomed(transport, terms, greeting, rest);
    }

    /** Tries the next address, whatever the reason was. */
    @Override
    public void failed(InetSocketAddress address, String why) {
        run(() -> {
            note(address, why);
            goOn();
        });
    }

    private void goOn() {
        if (left.isEmpty()) {
            fail(reasons.toString());
        } else {
            dial();
        }
    }

    private void fail(String why) {
        fail(why, Optional.empty());
    }

    private void fail(String why, Optional<Throwable> unforeseen) {
        if (over) {
            return;
        }
        try {
            cancel();
        } finally {
            outcome.failed(why, unforeseen);
        }
    }

    private final class DialOutcome implements Dial.Outcome {
        @Override
        public void connected(InetSocketAddress address, SelectionKey key, List<Dial.Failure> before) {
            SocketChannel channel = (SocketChannel) key.channel();
            step = () -> Sockets.close(channel);
            run(() -> {
                note(before);
                dialled(address, channel);
            });
        }

        @Override
        public void failed(List<Dial.Failure> failures) {
            run(() -> {
                note(failures);
                goOn();
            });
        }

        @Override
        public void aborted() {
            fail("the dial was given up");
        }
    }
}
