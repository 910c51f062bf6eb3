package io.portproxy.admin.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Writes times in JSON: RFC 3339, UTC, always with milliseconds, so that they can also be compared as texts. */
@Configuration(proxyBeanMethods = false)
class Times {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Bean
    JsonMapperBuilderCustomizer timesWithMilliseconds() {
        return builder -> builder.addModule(new SimpleModule("times").addSerializer(new Serializer()));
    }

    static String text(Instant time) {
        return FORMAT.format(time);
    }

    private static final class Serializer extends StdSerializer<Instant> {
        Serializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant time, JsonGenerator json, SerializationContext context) {
            json.writeString(text(time));
        }
    }
}
