package io.portproxy.config.source;

import java.util.Map;
import org.springframework.core.env.MapPropertySource;

/** Properties that a start has made up, such as a secret for this run. Files that are read again later are read with the same. */
public final class MadeAtStart extends MapPropertySource {
    public MadeAtStart(String name, Map<String, Object> properties) {
        super(name, properties);
    }
}
