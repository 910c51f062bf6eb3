package io.portproxy.tunnel.stream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends datagrams to the peer. On the tunnel's loop. */
public interface DatagramOutput {

    /** The part of the queue that one stream uses, as the output counts it. */
    final class Share {
        private int bytes;

        /** Returns the number of bytes of the stream's datagrams that have not left. */
        public int bytes() {
            return bytes;
        }

        /** Adds to the number of bytes; a negative change subtracts. */
        public void add(int change) {
            bytes += change;
        }
    }

    /**
     * Sends a datagram, before the data of streams that wait for their turn, or drops it.
     *
     * @param data 0 to 65,507 bytes; is not kept
     * @param share the stream's share of the queue
     * @return why it was dropped; null if it will be sent
     */
    @Nullable
    DatagramDrop send(long identity, ByteBuffer data, Share share);
}
