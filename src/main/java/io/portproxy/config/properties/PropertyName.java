package io.portproxy.config.properties;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Name;

/** What a property is called that a component of a record has: as that, unless the name is a word of Java. */
public final class PropertyName {
    private PropertyName() {}

    /** The name, as it is bound. */
    public static String of(RecordComponent component) {
        RecordComponent[] all = component.getDeclaringRecord().getRecordComponents();
        int index = Arrays.stream(all).map(RecordComponent::getName).toList().indexOf(component.getName());
        Class<?>[] types = Arrays.stream(all).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return Optional.ofNullable(component
                            .getDeclaringRecord()
                            .getDeclaredConstructor(types)
                            .getParameters()[index]
                            .getAnnotation(Name.class))
                    .map(Name::value)
                    .orElse(component.getName());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has a constructor of its components", e);
        }
    }
}
