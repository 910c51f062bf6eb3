package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.TlsHandshake;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Features;
import io.portproxy.protocol.Hello;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Printable;
import io.portproxy.protocol.Welcome;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.connection.TunnelTerms;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * The handshakes on a new connection to one address of the server. On the tunnel's loop.
 *
 * <pre>
 *   TLS --> greet --> welcomed
 *     |       |
 *     +-------+-----> failed
 * </pre>
 */
final class ServerHandshake {
    /**
     * The owner of a handshake. One of its methods, apart from {@link #run}, is called once, unless the handshake is
     * cancelled.
     */
    interface Owner {
        /** The server accepts the tunnel, as in {@link ConnectAttempt.Outcome#welcomed}. */
        void welcomed(Transport transport, TunnelTerms terms, Optional<byte[]> greeting, ByteBuffer rest);

        /** The handshake has failed, and the connection is closed. */
        void failed(InetSocketAddress address, String why);

        /** Runs a part of the handshake. An exception that it throws is a failure of the whole attempt. */
        void run(Runnable part);
    }

    private final ClientContext context;
    private final ClientSettings settings;
    private final int index;
    private final EventLoop loop;
    private final InetSocketAddress address;
    private final SocketChannel channel;
    private final Owner owner;
    private Runnable step; // ends the current step

    /**
     * @param index the number of the tunnel among this process's tunnels to the same server
     * @param channel connected to that address
     */
    ServerHandshake(
            ClientContext context,
            int index,
            EventLoop loop,
            InetSocketAddress address,
            SocketChannel channel,
            Owner owner) {
        this.context = context;
        this.settings = context.settings();
        this.index = index;
        this.loop = loop;
        this.address = address;
        this.channel = channel;
        this.owner = owner;
        this.step = () -> Sockets.close(channel);
    }

    void start() {
        try {
            Sockets.prepare(channel);
        } catch (IOException e) {
            Sockets.close(channel);
            owner.failed(address, "the connection was gone at once: " + e.getMessage());
            return;
        }
        if (settings.tls().isPresent()) {
            handshake(settings.tls().get());
        } else {
            greet(Transport.plain(channel));
        }
    }

    /** Closes the connection. The caller must ignore later calls of the owner. */
    void cancel() {
        step.run();
    }

    private void handshake(TlsSettings tls) {
        TlsHandshake handshake = TlsHandshake.client(
                loop,
                channel,
                settings.server().getHostString(), // certificates are issued for the name, not for the address
                settings.server().getPort(),
                tls,
                context.tlsResources(),
                new HandshakeOutcome());
        step = handshake::abort;
        handshake.start(settings.times().greetingTimeout());
    }

    private void greet(Transport transport) {
        if (settings.dialect() == Dialect.CLASSIC) {
            ByteBuffer greeting = ByteBuffer.allocate(Wire.INITIAL_REMOTE_SERVER_HEAD + Wire.MAX_NAME_LENGTH);
            InstructionEncoder.initialRemoteServer(greeting, settings.name());
            byte[] bytes = Arrays.copyOf(greeting.array(), greeting.position());
            owner.welcomed(transport, TunnelTerms.classic(false), Optional.of(bytes), ByteBuffer.allocate(0));
            return;
        }
        Hello hello = new Hello(
                Wire.VERSION,
                features(),
                context.instance(),
                index,
                OpaqueBytes.nonce(context.random()),
                Optional.empty(),
                settings.name());
        ClientGreeting greeting = new ClientGreeting(loop, transport, hello, settings.token(), new GreetingOutcome());
        step = greeting::abort;
        greeting.start(settings.times().greetingTimeout());
    }

    /** Returns the features that this side has in this tunnel. It asks for ports only in the first one. */
    private Features features() {
        Features always = Features.DATAGRAMS.and(Features.FIRST_BYTES);
        return index == 0 && !settings.expose().isEmpty() ? always.and(Features.EXPOSE) : always;
    }

    private final class HandshakeOutcome implements TlsHandshake.Outcome {
        @Override
        public void connected(Transport transport) {
            step = transport::close;
            owner.run(() -> greet(transport));
        }

        @Override
        public void failed(String why) {
            owner.failed(address, "TLS: " + Printable.of(why)); // the text may quote a certificate
        }
    }

    private final class GreetingOutcome implements ClientGreeting.Outcome {
        @Override
        public void welcomed(Transport transport, Welcome welcome, ByteBuffer rest) {
            if (welcome.initialWindow() > settings.tunnel().limits().tunnelBuffer()) {
                transport.close();
                failed("the server's initial window of " + welcome.initialWindow()
                        + " bytes is more than this side may keep (portproxy.client.tunnel-buffer)");
                return;
            }
            Features both = features().sharedWith(welcome.features());
            TunnelTerms terms = TunnelTerms.extended(false, both, welcome.initialWindow());
            owner.welcomed(transport, terms, Optional.empty(), rest);
        }

        @Override
        public void failed(String why) {
            owner.failed(address, why);
        }
    }
}
