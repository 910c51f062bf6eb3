package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** A remote made by hand, for tests of the proxy server. */
public final class RawRemote implements AutoCloseable {

    /** A user's connection and the identity that the server has given it. */
    public record Opened(PlainSocket user, long identity) {}

    private final RawPeer peer;

    private RawRemote(RawPeer peer) {
        this.peer = peer;
    }

    /** Connects to the proxy server, and says nothing. */
    public static RawRemote connect(InetSocketAddress server) throws IOException {
        return new RawRemote(new RawPeer(PlainSocket.connect(server)));
    }

    /** Connects to the proxy server and greets. */
    public static RawRemote greeted(InetSocketAddress server, String name) throws IOException {
        RawRemote remote = connect(server);
        remote.peer.send(Instruction.greeting(name));
        return remote;
    }

    /** The remote's end of the tunnel. */
    public RawPeer peer() {
        return peer;
    }

    /** Connects a user. Users are reset until the server has read the greeting, so this may try several. */
    public Opened open(InetSocketAddress exposed) throws IOException, InterruptedException {
        return open(PlainSocket.connect(exposed), exposed);
    }

    private Opened open(PlainSocket first, InetSocketAddress exposed) throws IOException, InterruptedException {
        PlainSocket user = first;
        while (!isTaken(user)) {
            user = PlainSocket.connect(exposed);
        }
        return opened(user);
    }

    /** Connects a user with small buffers who does not read yet. The server must know the remote already. */
    public Opened openSlowReader(InetSocketAddress exposed) throws IOException, InterruptedException {
        return opened(PlainSocket.connectSlowReader(exposed));
    }

    private Opened opened(PlainSocket user) throws InterruptedException {
        Instruction opening = peer.next();
        assertThat(opening.code()).as("code of %s", opening).isEqualTo(0x0001);
        return new Opened(user, opening.identity());
    }

    private boolean isTaken(PlainSocket user) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> peer.hasNext() || user.end().isPresent());
        return user.end().equals(Optional.empty());
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
