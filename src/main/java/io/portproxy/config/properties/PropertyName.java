package io.portproxy.config.properties;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Name;

/**
 * Finds the name of the property that a record's component stands for. It is the name of the component, unless {@link Name} gives
 * another one because that name is a keyword of Java.
 */
public final class PropertyName {
    private PropertyName() {}

    /** Returns the name under which the property is bound. */
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
