package io.portproxy.tunnel;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Reason;
import java.time.Duration;

/**
 * A tunnel as those who administer it see it: they talk to the remote and end the tunnel, and open no streams. Call its
 * methods on its loop, unless they say otherwise.
 */
public interface TunnelControl {

    /** Returns the loop that owns the tunnel. Any thread. */
    EventLoop loop();

    /**
     * Sends a message about ports that the remote asks for. Sends nothing if the tunnel has ended, if the peer does not
     * know such messages, or if the peer does not read.
     */
    void send(ExposeInstruction instruction);

    /** Takes no more new streams, waits up to {@code grace} for the others to end, and then ends the tunnel. */
    void drain(Duration grace);

    /** Resets the streams, sends the reason to the peer if the peer still reads, and ends the tunnel. */
    void dismiss(Reason reason, String detail);

    /** Returns the handle for other threads that show or administer the tunnel. Any thread. */
    TunnelHandle handle();
}
