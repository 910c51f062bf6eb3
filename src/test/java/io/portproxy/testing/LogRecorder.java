package io.portproxy.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Collects what the program logs while a test runs. */
public final class LogRecorder extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.portproxy");

    private final Level level = logger.getLevel();

    /** Starts to record, lines at level DEBUG included. */
    public LogRecorder() {
        logger.setLevel(Level.DEBUG);
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing(); // takes the fields as they are now
        events.add(event);
    }

    /** Returns the lines that contain a text, each with its level in front. */
    public List<String> linesWith(String text) {
        return events.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .filter(line -> line.contains(text))
                .toList();
    }

    /** Returns the fields of each line that contains a text, as {@code key=value} in alphabetical order. */
    public List<List<String>> fieldsOf(String text) {
        return events.stream()
                .filter(event -> event.getFormattedMessage().contains(text))
                .map(event -> event.getMDCPropertyMap().entrySet().stream()
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .sorted()
                        .toList())
                .toList();
    }

    /** Returns the names of the threads that have logged lines that contain a text. */
    public Set<String> threadsOf(String text) {
        return events.stream()
                .filter(event -> event.getFormattedMessage().contains(text))
                .map(ILoggingEvent::getThreadName)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(level);
        stop();
    }
}
