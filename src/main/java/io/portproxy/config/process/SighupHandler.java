package io.portproxy.config.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles SIGHUP as "read your files again", as many services do. The signal also arrives when a terminal closes. Without this
 * class the JVM would then stop, and all tunnels would end.
 *
 * <p>The JDK has no supported way to handle a signal. Its class {@code sun.misc.Signal} is exported to everybody, but javac warns
 * of each use, so this class calls it by reflection. If it is not available, as with {@code -Xrs}, the signal still stops the
 * process.
 */
public final class SighupHandler implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SighupHandler.class);
    private static final String NAME = "HUP";

    private final @Nullable Object before;

    private SighupHandler(@Nullable Object before) {
        this.before = before;
    }

    /**
     * Handles the signal until the handler is closed.
     *
     * @param whenHeard runs on a thread of the JVM, and must not block
     */
    public static SighupHandler hear(Runnable whenHeard) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    SighupHandler.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            log.info("SIGHUP: the configuration's files are read again");
                            whenHeard.run();
                            return null;
                        }
                        return method.getName().equals("equals") ? (Object) (proxy == arguments[0]) : NAME.hashCode();
                    });
            return new SighupHandler(handle(ours));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            log.debug("SIGHUP stops the process", e);
            return new SighupHandler(null);
        }
    }

    private static Object handle(Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        try {
            return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal.getConstructor(String.class).newInstance(NAME), handler);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("there is no such signal, or the JVM keeps it for itself", e.getCause());
        }
    }

    @Override
    public void close() {
        if (before != null) {
            try {
                handle(before);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                log.debug("SIGHUP cannot be handled in this process", e);
            }
        }
    }
}
