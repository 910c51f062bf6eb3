package io.portproxy.server.exposed;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A user's connection to an exposed port, until it is a stream.
 *
 * @param loop where it was accepted
 * @param channel its socket
 * @param user where the user is, as far as this server knows
 * @param exposed the address that the user connected to
 * @param readAlready what the user has sent and a {@link Preface} has read
 * @param acceptedAt when it was accepted, on the clock of the loops
 */
public record UserConnection(
        EventLoop loop,
        SocketChannel channel,
        InetSocketAddress user,
        InetSocketAddress exposed,
        ByteBuffer readAlready,
        long acceptedAt) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * One that has just been accepted.
     *
     * @throws IOException the user is gone
     */
    public static UserConnection accepted(EventLoop loop, SocketChannel channel) throws IOException {
        return new UserConnection(
                loop,
                channel,
                (InetSocketAddress) channel.getRemoteAddress(),
                (InetSocketAddress) channel.getLocalAddress(),
                NOTHING,
                loop.turnNanos());
    }

    /** The same, with what was read of it, and the user's address that this says. */
    public UserConnection after(ByteBuffer read, InetSocketAddress realUser) {
        return new UserConnection(loop, channel, realUser, exposed, read, acceptedAt);
    }

    /** The user's address, as people see it. */
    public String userText() {
        return Sockets.text(user);
    }

    /** Another loop gets it. On the loop that accepted it. */
    public void leaveLoop() {
        loop.unregister(channel);
    }

    public void reset() {
        Sockets.reset(channel);
    }
}
