package io.portproxy.config;

import io.portproxy.admin.api.EffectiveConfiguration;
import io.portproxy.config.properties.HttpProperties;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Roles;
import io.portproxy.config.properties.Secret;
import io.portproxy.config.properties.Sizes;
import io.portproxy.net.Durations;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.unit.DataSize;

/** Converts the properties to keys and values as a file could contain them, without the secrets. */
final class ConfigurationText {
    private ConfigurationText() {}

    /** Returns all properties except those of roles that are not active. */
    static EffectiveConfiguration of(PortProxyProperties properties, Roles roles) {
        Map<String, Object> all = group(properties);
        if (!roles.server()) {
            all.remove(Roles.SERVER);
        }
        if (!roles.client()) {
            all.remove(Roles.CLIENT);
        }
        if (!roles.demo()) {
            all.remove(Roles.DEMO);
        }
        return new EffectiveConfiguration(all);
    }

    private static Map<String, Object> group(Record group) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : group.getClass().getRecordComponents()) {
            Object value = value(group, component);
            if (value != null) {
                values.put(DataObjectPropertyName.toDashedForm(component.getName()), text(value));
            }
        }
        return values;
    }

    private static @Nullable Object value(Record group, RecordComponent component) {
        try {
            return component.getAccessor().invoke(group);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static Object text(Object value) {
        if (value instanceof HttpProperties.Fields fields) {
            Map<String, Object> set = new LinkedHashMap<>();
            fields.set().keySet().forEach(name -> set.put(name, Secret.HIDDEN)); // may be a secret of the target
            return Map.of("set", set, "remove", fields.remove());
        } else if (value instanceof Record group) {
            return group(group);
        } else if (value instanceof List<?> list) {
            List<Object> texts = new ArrayList<>();
            list.forEach(entry -> texts.add(text(entry)));
            return texts;
        } else if (value instanceof Duration duration) {
            return Durations.text(duration);
        } else if (value instanceof DataSize size) {
            return Sizes.text(size);
        } else if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        } else if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value.toString(); // the text of a Secret is Secret.HIDDEN
    }
}
