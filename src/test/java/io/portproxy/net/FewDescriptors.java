package io.portproxy.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Scanner;

/** A program that listens and keeps the connections that it accepts until it reads a command, such as "free". */
final class FewDescriptors {
    private FewDescriptors() {}

    public static void main(String[] args) throws Exception {
        List<SocketChannel> kept = Collections.synchronizedList(new ArrayList<>());
        try (EventLoopGroup loops = new EventLoopGroup("loop ", 1, new MemoryBudget(1 << 30))) {
            loops.start();
            Listener listener =
                    Listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), loops.next(), kept::add);
            listener.start();
            System.out.println("port " + listener.address().getPort());
            Scanner commands = new Scanner(System.in, UTF_8);
            while (commands.hasNext()) {
                commands.next();
                System.out.println("trouble " + listener.trouble().orElse("none"));
                List.copyOf(kept).forEach(Sockets::close);
                System.out.println("freed " + kept.size());
            }
        }
    }
}
