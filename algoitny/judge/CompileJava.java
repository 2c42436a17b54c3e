import com.sun.source.tree.ArrayTypeTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeKind;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles one source to a jar that can be started, whatever its public class is called.
 *
 * <p>javac insists that a public class has its file's name, but leaves it to the file to say which
 * names suit it. Here all do. What is started is the public class, if it has a main method, else
 * `Main`, else the first class with one. Arguments: the source, the jar to write.
 */
final class CompileJava {
    private CompileJava() {}

    public static void main(String[] arguments) throws IOException {
        byte[] text = Files.readAllBytes(Path.of(arguments[0]));
        String name = Path.of(arguments[0]).getFileName().toString();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Classes classes = new Classes(compiler.getStandardFileManager(null, null, null));
        List<String> options = List.of("-proc:none", "-nowarn", "-XDsuppressNotes");
        Source source = new Source(name, new String(text, StandardCharsets.UTF_8));
        JavacTask task =
                (JavacTask) compiler.getTask(null, classes, null, options, null, List.of(source));
        Entry entry = new Entry();
        task.addTaskListener(entry);
        if (!task.call()) {
            System.exit(1);
        }
        if (entry.name == null) {
            System.err.println(name + ": error: no class has a method `static void main(String[])`");
            System.exit(1);
        }
        classes.write(Path.of(arguments[1]), entry.name);
    }

    /** Finds the class to start, as the source is parsed. */
    private static final class Entry implements TaskListener {
        private String name;
        private int rank;

        @Override
        public void finished(TaskEvent event) {
            if (event.getKind() != TaskEvent.Kind.PARSE) {
                return;
            }
            CompilationUnitTree unit = event.getCompilationUnit();
            String prefix = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
            for (Tree declared : unit.getTypeDecls()) {
                if (declared instanceof ClassTree && hasMain((ClassTree) declared)) {
                    ClassTree found = (ClassTree) declared;
                    int suits = rankOf(found);
                    if (name == null || suits > rank) {
                        name = prefix + found.getSimpleName();
                        rank = suits;
                    }
                }
            }
        }

        private static int rankOf(ClassTree declared) {
            if (declared.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                return 2;
            }
            return declared.getSimpleName().contentEquals("Main") ? 1 : 0;
        }

        private static boolean hasMain(ClassTree declared) {
            boolean isInterface = declared.getKind() == Tree.Kind.INTERFACE;
            for (Tree member : declared.getMembers()) {
                if (member instanceof MethodTree) {
                    MethodTree method = (MethodTree) member;
                    var flags = method.getModifiers().getFlags();
                    if (method.getName().contentEquals("main")
                            && flags.contains(Modifier.STATIC)
                            && (isInterface || flags.contains(Modifier.PUBLIC))
                            && isVoid(method.getReturnType())
                            && method.getParameters().size() == 1
                            && isObjects(method.getParameters().get(0).getType())) {
                        return true;
                    }
                }
            }
            return false;
        }

        private static boolean isVoid(Tree type) {
            return type instanceof PrimitiveTypeTree
                    && ((PrimitiveTypeTree) type).getPrimitiveTypeKind() == TypeKind.VOID;
        }

        /** An array of what a class names: a helper's `main(int[] numbers)` starts nothing. */
        private static boolean isObjects(Tree type) {
            return type instanceof ArrayTypeTree
                    && !(((ArrayTypeTree) type).getType() instanceof ArrayTypeTree)
                    && !(((ArrayTypeTree) type).getType() instanceof PrimitiveTypeTree);
        }
    }

    /** The submission. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public String getName() {
            return uri.getPath().substring(1);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE && !simpleName.endsWith("-info");
        }
    }

    /** What javac makes of it, kept in memory. */
    private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> made = new LinkedHashMap<>();

        Classes(JavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            String path = name.replace('.', '/') + kind.extension;
            return new SimpleJavaFileObject(URI.create("made:///" + path), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return made.computeIfAbsent(path, key -> new ByteArrayOutputStream());
                }
            };
        }

        void write(Path target, String entry) throws IOException {
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, entry);
            try (OutputStream file = Files.newOutputStream(target);
                    JarOutputStream jar = new JarOutputStream(file, manifest)) {
                jar.setLevel(0);
                for (var one : made.entrySet()) {
                    jar.putNextEntry(new JarEntry(one.getKey()));
                    one.getValue().writeTo(jar);
                }
            }
        }
    }
}
