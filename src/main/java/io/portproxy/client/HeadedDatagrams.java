package io.portproxy.client;

import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.stream.DatagramConnector;
import io.portproxy.tunnel.stream.DatagramDrop;
import io.portproxy.tunnel.stream.DatagramFlow;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Passes each datagram to another socket, with the same bytes at its beginning. The server specifies these bytes. On the tunnel's loop. */
final class HeadedDatagrams implements DatagramConnector.Socket {
    private final DatagramConnector.Socket target;
    private final byte[] head;

    HeadedDatagrams(DatagramConnector.Socket target, OpaqueBytes head) {
        this.target = target;
        this.head = head.bytes();
    }

    @Override
    public void start(DatagramFlow flow) {
        target.start(flow);
    }

    @Override
    public @Nullable DatagramDrop write(ByteBuffer data) {
        int length = head.length + data.remaining();
        if (length > Wire.MAX_DATAGRAM) {
            return DatagramDrop.TOO_LONG;
        }
        return target.write(ByteBuffer.allocate(length).put(head).put(data).flip());
    }

    @Override
    public void closed(Reason reason) {
        target.closed(reason);
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
