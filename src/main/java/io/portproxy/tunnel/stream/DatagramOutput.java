package io.portproxy.tunnel.stream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where datagrams for the peer go. On the tunnel's loop. */
public interface DatagramOutput {

    /** What one stream has in the queue, as the output counts it. */
    final class Share {
        private int bytes;

        /** Bytes of its datagrams that have not left. */
        public int bytes() {
            return bytes;
        }

        /** There are as many more, or less. */
        public void add(int change) {
            bytes += change;
        }
    }

    /**
     * Sends a datagram, ahead of the data of streams that wait for their turn, or drops it.
     *
     * @param data 0 to 65,507 bytes; not kept
     * @param share the stream's
     * @return why it was dropped; null if it is on its way
     */
    @Nullable
    DatagramDrop send(long identity, ByteBuffer data, Share share);
}
