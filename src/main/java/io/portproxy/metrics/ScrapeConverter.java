package io.portproxy.metrics;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;

/** Writes the answer to a scrape directly to the connection, without a copy of the whole text in memory. */
public final class ScrapeConverter extends AbstractHttpMessageConverter<Scrape> {

    /** Supports all media types, because {@link ScrapeOperation} chooses the type. */
    public ScrapeConverter() {
        super(MediaType.ALL);
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == Scrape.class;
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected Scrape readInternal(Class<? extends Scrape> type, HttpInputMessage message) {
        throw new HttpMessageNotReadableException("nobody sends one", message);
    }

    @Override
    protected void writeInternal(Scrape scrape, HttpOutputMessage message) throws IOException {
        scrape.writer().write(message.getBody(), scrape.snapshots());
    }
}
