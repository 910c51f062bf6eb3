package io.portproxy.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The memory of a JVM that the suite started, read by JMX. Attaching to the JVM uses some of its memory, once. */
final class JvmMemory implements AutoCloseable {
    private static final int COLLECTIONS = 3; // a later collection may free what the first one found dead

    private final JMXConnector connector;
    private final MBeanServerConnection server;

    private JvmMemory(JMXConnector connector) throws IOException {
        this.connector = connector;
        server = connector.getMBeanServerConnection();
    }

    /** Connects to the JVM of a process. */
    static JvmMemory of(Child child) throws IOException, BenchException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(child.pid()));
            try {
                String address = machine.startLocalManagementAgent();
                return new JvmMemory(JMXConnectorFactory.connect(new JMXServiceURL(address)));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new BenchException("cannot attach to " + child.name(), e);
        }
    }

    /** Returns the bytes of live objects and of direct buffers, after collections. */
    long heapAndDirectBytes() throws IOException, BenchException {
        MemoryMXBean memory = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
        }
        try {
            Object direct = server.getAttribute(new ObjectName("java.nio:type=BufferPool,name=direct"), "MemoryUsed");
            return memory.getHeapMemoryUsage().getUsed() + (Long) direct;
        } catch (JMException e) {
            throw new BenchException("cannot read the size of direct memory", e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
