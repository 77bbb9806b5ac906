"""The plain mathematics of ONNX: operators that a runtime computes itself.

Source: all operator schemas of all opset versions of ONNX ("Operator Schemas"), with the operators of early versions
that were withdrawn; for `com.microsoft`, ONNX Runtime's "Contrib Operator Schemas" without those that hand over to
another library (EPContext, Snpe, ATen, TorchEmbedding, PythonOp).
"""

from weighbridge.formats.word_list import words

PLAIN: dict[str, frozenset[str]] = {
    "ai.onnx": words("""
    Abs Acos Acosh Add Affine AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool
    BatchNormalization Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast
    CastLike CausalConvWithState Ceil Celu CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant
    ConstantFill ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh Crop CumProd CumSum DFT DeformConv
    DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear DynamicSlice Einsum Elu Equal Erf Exp Expand
    EyeLike Flatten Floor FunctionOp GRU GRUUnit Gather GatherElements GatherND Gelu Gemm GivenTensorFill
    GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow
    HannWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder ImageScaler InstanceNormalization IsInf IsNaN
    LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual LinearAttention Log LogSoftmax Loop LpNormalization LpPool
    MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix
    MemcpyFromHost MemcpyToHost Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero
    Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad ParametricSoftplus Pow QLinearConv
    QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike
    Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
    ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT
    SampleOp Scale ScaledTanh Scan Scatter ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty
    SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax
    SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze StringConcat
    StringNormalizer StringSplit Sub Sum SwiGLU Swish Tan Tanh TensorScatter TfIdfVectorizer ThresholdedRelu Tile TopK
    Transpose Trilu Unique Unsqueeze Upsample Where Xor
        """),
    "ai.onnx.ml": words("""
    ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer LabelEncoder
    LinearClassifier LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble
    TreeEnsembleClassifier TreeEnsembleRegressor ZipMap
        """),
    "com.microsoft": words("""
        Attention AttnLSTM BeamSearch BiasAdd BiasDropout BiasGelu BiasGeluGrad BiasSoftmax BiasSplitGelu
        BifurcationDetector BitmaskBiasDropout BitmaskDropout CDist CausalConvWithState ComplexMul ComplexMulConj
        ConvTransposeWithDynamicPads CropAndResize DecoderAttention DecoderMaskedMultiHeadAttention
        DecoderMaskedSelfAttention DequantizeBFP DequantizeLinear DequantizeWithOrder DynamicQuantizeLSTM
        DynamicQuantizeMatMul DynamicTimeWarping EmbedLayerNormalization EngramGate ExpandDims FastGelu FastGeluGrad
        FusedConv FusedGemm FusedMatMul FusedMatMulActivation GatedAdd GatedDeltaNet GatedRMSNorm
        GatedRelativePositionBias GatherBlockQuantized GatherND Gelu GemmFastGelu GemmFloat8 GemmaRotaryEmbedding
        GreedySearch GridSample GroupNorm GroupQueryAttention Inverse Irfft IsAllFinite LayerNormalization
        LinearAttention LinearAttentionGate LongformerAttention MRotaryEmbedding MatMulBlockQuantizedFp4Weight
        MatMulBlockQuantizedFp8Weight MatMulBnb4 MatMulFpQ4 MatMulInteger16 MatMulIntegerToFloat MatMulNBits
        MatMulNBitsMlp MatMulNBitsQkv MaxpoolWithMask MoE MulInteger MultiHeadAttention MurmurHash3 NGramHashMapping
        NGramRepeatBlock NhwcConv NhwcFusedConv NhwcMaxPool PackedAttention PackedMultiHeadAttention Pad
        PagedAttention QAttention QEmbedLayerNormalization QGemm QLinearAdd QLinearAveragePool QLinearConcat
        QLinearConv QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul QLinearReduceMean QLinearSigmoid
        QLinearSoftmax QLinearWhere QMoE QOrderedAttention QOrderedGelu QOrderedLayerNormalization
        QOrderedLongformerAttention QOrderedMatMul QuantizeBFP QuantizeLinear QuantizeWithOrder QuickGelu
        QuickGeluGrad Range ReduceSumInteger RelativePositionBias RemovePadding RestorePadding Rfft RotaryEmbedding
        SampleOp Sampling SimplifiedLayerNormalization SkipGroupNorm SkipLayerNormalization
        SkipSimplifiedLayerNormalization SoftmaxCrossEntropyLoss SparseAttention SparseToDenseMatMul Tokenizer
        TransposeMatMul Trilu UnfoldTensor Unique VarlenCausalConvWithState VarlenNGramHashMapping WhisperBeamSearch
        WordConvEmbedding
        """),
    "ai.onnx.preview.training": words("Adagrad Adam Gradient GraphCall Momentum"),
    "ai.onnx.preview": words("FlexAttention"),
}

COMPILED_IN = words("com.microsoft.nchwc com.microsoft.dml com.ms.internal.nhwc com.ms.internal.nchw")
"""Domains of ONNX Runtime's own layout transformations; found in models saved after optimization."""


def is_plain(domain: str, name: str) -> bool:
    """Tell whether the operator is part of the standard or of the runtime's own mathematics."""
    return domain in COMPILED_IN or name in PLAIN.get(domain or "ai.onnx", frozenset())
