package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.TlsHandshake;
import io.portproxy.net.TlsSettings;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Hello;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.Welcome;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.TunnelTerms;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a tunnel, at one address. On the tunnel's loop.
 *
 * <pre>
 *   dial --> TLS --> greet --> welcomed
 *     |       |        |
 *     +-------+--------+--> failed
 * </pre>
 */
final class Approach {
    private static final Logger log = LoggerFactory.getLogger(Approach.class);

    /** What becomes of it; told once, unless it is aborted. */
    interface Outcome {
        /**
         * The server takes the tunnel, or would say nothing if it did not (classic).
         *
         * @param greeting what the tunnel has to send first
         * @param rest what was read behind the server's greeting
         */
        void welcomed(Transport transport, TunnelTerms terms, Optional<byte[]> greeting, ByteBuffer rest);

        void failed(String why);
    }

    private final ClientContext context;
    private final ClientSettings settings;
    private final int index;
    private final EventLoop loop;
    private final Outcome outcome;
    private Runnable step = () -> {}; // ends what is under way

    /**
     * @param index the tunnel's, among those of this process to the same server
     */
    Approach(ClientContext context, int index, EventLoop loop, Outcome outcome) {
        this.context = context;
        this.settings = context.settings();
        this.index = index;
        this.loop = loop;
        this.outcome = outcome;
    }

    void start(InetSocketAddress address) {
        Dial dial = new Dial(loop, address, new DialOutcome());
        step = dial::abort;
        try {
            dial.start(settings.connectTimeout());
        } catch (RuntimeException e) {
            log.error("a bug: dialling {} failed", Sockets.text(address), e);
            dial.abort();
            outcome.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Tells nothing more. */
    void abort() {
        step.run();
    }

    private void dialled(SocketChannel channel) {
        if (settings.tls().isEmpty()) {
            greet(Transport.plain(channel));
            return;
        }
        TlsSettings tls = settings.tls().get();
        TlsHandshake handshake = TlsHandshake.client(
                loop,
                channel,
                settings.server().getHostString(), // whatever address it has: the name is what a certificate is for
                settings.server().getPort(),
                tls,
                context.tlsResources(),
                new HandshakeOutcome());
        step = handshake::abort;
        handshake.start(settings.greetingTimeout());
    }

    private void greet(Transport transport) {
        if (settings.dialect() == Dialect.CLASSIC) {
            ByteBuffer greeting = ByteBuffer.allocate(Wire.INITIAL_REMOTE_SERVER_HEAD + Wire.MAX_NAME_LENGTH);
            InstructionEncoder.initialRemoteServer(greeting, settings.name());
            byte[] bytes = Arrays.copyOf(greeting.array(), greeting.position());
            outcome.welcomed(transport, TunnelTerms.classic(false), Optional.of(bytes), ByteBuffer.allocate(0));
            return;
        }
        Hello hello = new Hello(
                Wire.VERSION,
                0,
                context.instance(),
                index,
                Opaque.nonce(context.random()),
                Optional.empty(),
                settings.name());
        ClientGreeting greeting = new ClientGreeting(loop, transport, hello, settings.token(), new GreetingOutcome());
        step = greeting::abort;
        greeting.start(settings.greetingTimeout());
    }

    private final class DialOutcome implements Dial.Outcome {
        @Override
        public void connected(SocketChannel channel) {
            dialled(channel);
        }

        @Override
        public void failed(IOException cause) {
            outcome.failed(String.valueOf(cause.getMessage()));
        }
    }

    private final class HandshakeOutcome implements TlsHandshake.Outcome {
        @Override
        public void connected(Transport transport) {
            greet(transport);
        }

        @Override
        public void failed(String why) {
            outcome.failed("TLS: " + Printable.of(why)); // it may quote a certificate
        }
    }

    private final class GreetingOutcome implements ClientGreeting.Outcome {
        @Override
        public void welcomed(Transport transport, Welcome welcome, ByteBuffer rest) {
            if (welcome.initialWindow() > settings.tunnel().tunnelBuffer()) {
                transport.close();
                failed("the server's initial window of " + welcome.initialWindow()
                        + " bytes is more than this side may keep (portproxy.client.tunnel-buffer)");
                return;
            }
            outcome.welcomed(transport, TunnelTerms.extended(false, welcome.initialWindow()), Optional.empty(), rest);
        }

        @Override
        public void failed(String why) {
            outcome.failed(why);
        }
    }
}
