// Runs a CQL library over patients with the reference JavaScript engine, and prints answers and speed as JSON.
// Usage: node run.mjs library.cql patients.json   (patients: [{fact: value or null, ...}, ...]; Decimal facts may be numbers)
import { readFileSync } from "node:fs";
import { CqlTranslator, LibraryManager, ModelManager, createModelInfoProvider, stringAsSource } from "@cqframework/cql/cql-to-elm";
import cql from "cql-execution";

// The System types that the exported libraries use; the translator asks for them by this name.
const simple = ["Boolean", "Integer", "Long", "Decimal", "String", "Date", "DateTime", "Time"];
const classes = { Quantity: ["value Decimal", "unit String"], Ratio: ["numerator Quantity", "denominator Quantity"], Code: ["code String"], Concept: ["display String"], Vocabulary: ["id String"], CodeSystem: ["id String"], ValueSet: ["id String"] };
const element = (text) => { const [name, type] = text.split(" "); return `<element name="${name}" elementType="System.${type}"/>`; };
const modelInfo = `<?xml version="1.0" encoding="UTF-8"?>
<modelInfo xmlns="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="System" version="1.0.0" url="urn:hl7-org:elm-types:r1" targetQualifier="system">
<typeInfo xsi:type="SimpleTypeInfo" name="System.Any"/>
${simple.map((name) => `<typeInfo xsi:type="SimpleTypeInfo" name="System.${name}" baseType="System.Any"/>`).join("\n")}
${Object.entries(classes).map(([name, parts]) => `<typeInfo xsi:type="ClassInfo" name="System.${name}" baseType="System.Any">${parts.map(element).join("")}</typeInfo>`).join("\n")}
</modelInfo>`;

const [, , cqlPath, patientsPath] = process.argv;
const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(createModelInfoProvider(() => stringAsSource(modelInfo)));
const started = performance.now();
const translator = CqlTranslator.fromText(readFileSync(cqlPath, "utf8"), new LibraryManager(models));
const errors = translator.errors?.asJsReadonlyArrayView?.() ?? [];
if (errors.length) {
  console.error(errors.map((error) => error.message).join("\n"));
  process.exit(1);
}
const elm = JSON.parse(translator.toJson());
const translated = performance.now();
const library = new cql.Library(elm);
const patients = JSON.parse(readFileSync(patientsPath, "utf8"));
const noPatients = { currentPatient: () => undefined, nextPatient: () => undefined };
const evaluated = performance.now();
const answers = [];
for (const facts of patients) {
  const executor = new cql.Executor(library, undefined, facts);
  const result = await executor.exec(noPatients);
  answers.push(result.unfilteredResults);
}
const done = performance.now();
console.log(JSON.stringify({ translate_s: (translated - started) / 1000, evaluate_s: (done - evaluated) / 1000, answers }));
