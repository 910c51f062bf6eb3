package io.portproxy.client;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.stream.Connector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Connects to a target with another connector, and first writes the bytes that the server specified for the beginning. On the tunnel's
 * loop.
 */
final class FirstBytes implements Connector {
    private final Connector target;
    private final OpaqueBytes bytes;

    FirstBytes(Connector target, OpaqueBytes bytes) {
        this.target = target;
        this.bytes = bytes;
    }

    @Override
    public Attempt open(EventLoop loop) throws IOException {
        Attempt attempt = target.open(loop);
        return new Attempt() {
            @Override
            public void start(Callback callback) {
                attempt.start(new Writing(callback));
            }

            @Override
            public void cancel() {
                attempt.cancel();
            }
        };
    }

    private final class Writing implements Callback {
        private final Callback callback;

        Writing(Callback callback) {
            this.callback = callback;
        }

        /** Writes the bytes. They are few, so a new socket accepts all of them unless it is broken. */
        @Override
        public void connected(SelectionKey key) {
            SocketChannel socket = (SocketChannel) key.channel();
            ByteBuffer left = ByteBuffer.wrap(bytes.bytes());
            try {
                socket.write(left);
                if (left.hasRemaining()) {
                    throw new IOException("the target's socket does not take the first bytes");
                }
            } catch (IOException e) {
                Sockets.reset(socket);
                callback.failed(Reason.TARGET_RESET, e);
                return;
            }
            callback.connected(key);
        }

        @Override
        public void failed(Reason reason, IOException cause) {
            callback.failed(reason, cause);
        }

        @Override
        public void abort() {
            callback.abort();
        }
    }
}
