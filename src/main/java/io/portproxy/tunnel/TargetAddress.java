package io.portproxy.tunnel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** Where a target is, as soon as that is known. On the tunnel's loop. */
@FunctionalInterface
public interface TargetAddress {

    /** Tells the addresses to try, the preferred ones first, at least one, or why there is none, once, on the tunnel's loop, at once or later. */
    void find(Consumer<List<InetSocketAddress>> found, Consumer<IOException> failed);
}
