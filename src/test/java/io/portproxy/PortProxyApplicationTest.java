package io.portproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/** Shows that the application imports all its beans, since it does not search for them. */
class PortProxyApplicationTest {
    /** Annotated classes that are beans only for a check of the configuration. */
    private static final String OF_CHECKS = "io.portproxy.config.FreshConfiguration$Beans";

    @Test
    void importsEachClassThatIsABean() {
        DescribedPredicate<JavaClass> beans = DescribedPredicate.describe(
                "beans",
                type -> type.isMetaAnnotatedWith(Component.class)
                        && !type.isMetaAnnotatedWith(AutoConfiguration.class));
        Set<String> annotated = new ClassFileImporter()
                        .withImportOption(new ArchitectureTest.NoTests())
                        .importPackages(ArchitectureTest.BASE)
                        .that(beans)
                        .stream()
                        .filter(type -> !type.isAnnotation())
                        .map(JavaClass::getName)
                        .filter(name -> !name.equals(OF_CHECKS))
                        .collect(Collectors.toSet());

        assertThat(annotated).hasSizeGreaterThan(40).isEqualTo(imported());
    }

    private static Set<String> imported() {
        Set<String> names = new HashSet<>();
        Queue<Class<?>> open = new ArrayDeque<>(List.of(PortProxyApplication.class));
        for (Class<?> type = open.poll(); type != null; type = open.poll()) {
            names.add(type.getName());
            Import imports = type.getDeclaredAnnotation(Import.class);
            if (imports != null) {
                open.addAll(List.of(imports.value()));
            }
        }
        return names;
    }
}
