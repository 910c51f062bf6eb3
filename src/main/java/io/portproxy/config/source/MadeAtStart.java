package io.portproxy.config.source;

import java.util.Map;
import org.springframework.core.env.MapPropertySource;

/** Properties that the start generated, such as a secret for this run. A reload of files uses the same values. */
public final class MadeAtStart extends MapPropertySource {
    public MadeAtStart(String name, Map<String, Object> properties) {
        super(name, properties);
    }
}
